import { Injectable } from '@nestjs/common';
import { ApiRefusal, CommandFault, type Reply } from '../../commands/command.js';
import { usageOf } from '../../commands/read-parameters.js';
import { COMMANDS, runCommand } from '../../commands/registry.js';
import type { Caller } from '../../domain/access/caller.js';
import { DomainError, ERROR_CODES, type ErrorCode, unavailable } from '../../domain/kernel/errors.js';
import { Page } from '../../store/page.js';
import type { CommandDto } from './command.dto.js';
import { OwnApi } from './own-api.js';

/** A line, and who gave it. */
export interface GivenCommand {
  readonly text: string;
  readonly caller: Caller;
  readonly requestId: string;
  /** The `Idempotency-Key` that it came with; null where there is none. */
  readonly key: string | null;
}

/** Runs commands on behalf of whoever gives them. */
@Injectable()
export class CommandsService {
  constructor(private readonly api: OwnApi) {}

  /** Every verb. */
  list(): Page<CommandDto> {
    const all = COMMANDS.map((command) => ({ name: command.name, usage: usageOf(command), about: command.about }));
    return new Page(all, 1, all.length, all.length);
  }

  /** Throws what the API refused with, and `unprocessable_entity` for a line that cannot be understood. */
  async run({ text, caller, ...occasion }: GivenCommand): Promise<Reply> {
    try {
      return await runCommand(text, this.api.onBehalfOf(caller, occasion));
    } catch (error) {
      throw explained(error);
    }
  }
}

function explained(error: unknown): unknown {
  if (error instanceof CommandFault) return new DomainError('unprocessable_entity', error.message);
  if (error instanceof ApiRefusal) return new DomainError(codeOf(error.code), error.message);
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return unavailable('Jockey', 'a part of the command was not answered in time');
  return error;
}

const codeOf = (code: string): ErrorCode => ERROR_CODES.find((each) => each === code) ?? 'internal_error';
