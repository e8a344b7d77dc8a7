import { LABEL, LONGEST } from '../../domain/kernel/names.js';
import { Text } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';

/** A kind of host: api, build, … Each stack in an environment is a group of hosts of its own. */
export class StackDto {
  /** Its id. */
  id!: string;

  /** Its name, which serves wherever its id does. */
  name!: string;
}

/** A stack as an answer shows it. */
export const STACK_EXAMPLE: StackDto = { id: '1', name: 'api' };

/** What a new stack is made of. */
export class CreateStackDto {
  /** A DNS label, for good: Consul services and containers are named by it. */
  @Text({
    max: LONGEST.stack,
    pattern: LABEL,
    shape: 'a DNS label (small letters, digits and -, beginning with a letter)',
    example: 'batch',
  })
  name!: string;
}

/** Which stacks are wanted. */
export class ListStacksDto extends PageQueryDto {
  /** Only the one of this name. */
  @Text({ max: 63, optional: true, shape: 'the name of a stack', example: 'api' })
  name?: string;
}
