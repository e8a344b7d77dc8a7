import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode } from '../../domain/kernel/errors.js';

/** What is wrong with one field of the input. */
@ApiSchema({ name: 'FieldError' })
export class FieldErrorDto {
  /** The field as it was sent; nested names with dots. */
  @ApiProperty({ example: 'scale' })
  field!: string;

  /** The value's fault and the way out. */
  @ApiProperty({ example: 'is -1, but should be a whole number from 0 to 1000.' })
  message!: string;
}

/** What went wrong, as the original's clients read it. */
@ApiSchema({ name: 'ErrorEnvelope' })
export class ErrorEnvelopeDto {
  /** One of a closed list. */
  @ApiProperty({ enum: ERROR_CODES, enumName: 'ErrorCode', example: 'record_invalid' })
  code!: ErrorCode;

  /** The same sentence as `detail`. */
  @ApiProperty({ example: 'scale is -1, but should be a whole number from 0 to 1000.' })
  message!: string;
}

/** Every failure: RFC 9457, with the original's envelope inside. */
@ApiSchema({ name: 'Problem' })
export class ProblemDto {
  /** Name of the kind of problem. */
  @ApiProperty({ example: 'urn:jockey:problem:record_invalid' })
  type!: string;

  /** What this kind of problem says in general. */
  @ApiProperty({ example: 'The record breaks a rule' })
  title!: string;

  /** The HTTP status. */
  @ApiProperty({ example: 422 })
  status!: number;

  /** What happened, and the way out. */
  @ApiProperty({ example: 'scale is -1, but should be a whole number from 0 to 1000.' })
  detail!: string;

  /** The path that was asked for, without its parameters. */
  @ApiProperty({ example: '/workers/7' })
  instance!: string;

  /** Stands in every log line of this request. */
  @ApiProperty({ example: '5b0c7d1e-54a5-4f0b-9a1c-0f6a3c2f9d11' })
  request_id!: string;

  /** The original's envelope. */
  @ApiProperty({ type: () => ErrorEnvelopeDto })
  error!: ErrorEnvelopeDto;

  /** Every field that breaks a rule; only where the input is at fault. */
  @ApiProperty({ type: () => [FieldErrorDto], required: false })
  errors?: FieldErrorDto[];
}
