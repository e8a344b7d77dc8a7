import { LONGEST } from '../../commands/words.js';
import type { ErrorCode } from '../../domain/kernel/errors.js';
import { Text } from '../../http/input/fields.js';

/** What a command may be refused with: all that the routes behind the verbs are. */
export const COMMAND_ERRORS: readonly ErrorCode[] = [
  'bad_request',
  'record_invalid',
  'forbidden',
  'not_found',
  'conflict',
  'unprocessable_entity',
  'resource_locked',
];

/** A verb that chats and the CLI share. */
export class CommandDto {
  /** The verb. */
  name!: string;

  /** How it is written. */
  usage!: string;

  /** What it does. */
  about!: string;
}

/** A verb as an answer shows it. */
export const COMMAND_EXAMPLE: CommandDto = {
  name: 'deploy',
  usage: 'deploy APP ENVIRONMENT [REF]',
  about: 'Deploys a branch, a tag or a commit.',
};

/** A line to be run. */
export class RunCommandDto {
  /** The line, as one writes it in a chat; an empty one says what there is. */
  @Text({ min: 0, max: LONGEST, shape: 'a command', example: 'deploy shop production main' })
  text!: string;
}

/** What a line came to. */
export class CommandReplyDto {
  /** Lines of plain text. */
  text!: string;

  /** The id of the deploy whose end is worth waiting for; null where all is said. */
  deploy!: string | null;
}

/** A reply as an answer shows it. */
export const COMMAND_REPLY_EXAMPLE: CommandReplyDto = {
  text: 'Deploy 42: 0d1b2c3d4e5f of shop to production.',
  deploy: '42',
};
