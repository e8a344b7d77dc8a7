import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { ErrorCode } from '../../domain/kernel/errors.js';
import { ProblemDto } from '../errors/problem.dto.js';
import { problems } from '../openapi/describe.decorator.js';

/** What the document says of a WebSocket. */
export interface SocketDescription {
  /** One line: what it is for. */
  readonly summary: string;
  /** Its messages, in both directions: the document has no other place for them. */
  readonly about: string;
  /** The failures of this operation, beside those that every socket has. */
  readonly errors?: readonly ErrorCode[];
}

/** What every request for a socket may be refused with; one that sends a body asks for no socket, and is read as any. */
const EVERYWHERE: readonly ErrorCode[] = [
  'bad_request',
  'payload_too_large',
  'unsupported_media_type',
  'upgrade_required',
  'rate_limited',
  'internal_error',
  'unavailable',
];

/** Describes a GET that becomes a WebSocket. */
export function DescribeSocket({ summary, about, errors = [] }: SocketDescription): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, description: about }),
    ApiExtraModels(ProblemDto),
    ApiResponse({ status: 101, description: 'The connection is a WebSocket from here on.' }),
    ...problems([...errors, ...EVERYWHERE]),
  );
}
