import { LABEL, LONGEST } from '../../domain/kernel/names.js';
import { Text } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';

/** An environment: production, staging, … */
export class EnvironmentDto {
  /** Its id. */
  id!: string;

  /** Its name, which serves wherever its id does. */
  name!: string;
}

/** An environment as an answer shows it. */
export const ENVIRONMENT_EXAMPLE: EnvironmentDto = { id: '3', name: 'production' };

/** What a new environment is made of. */
export class CreateEnvironmentDto {
  /** A DNS label, for good: Consul services and containers are named by it. */
  @Text({
    max: LONGEST.environment,
    pattern: LABEL,
    shape: 'a DNS label (small letters, digits and -, beginning with a letter)',
    example: 'staging',
  })
  name!: string;
}

/** Which environments are wanted. */
export class ListEnvironmentsDto extends PageQueryDto {
  /** Only the one of this name. */
  @Text({ max: 63, optional: true, shape: 'the name of an environment', example: 'production' })
  name?: string;
}
