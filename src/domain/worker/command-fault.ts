import { DomainError } from '../kernel/errors.js';
import { splitCommand } from './split-command.js';

/** Why a command cannot be read as words, as {@link splitCommand} says it without the field's name; null for a good one. */
export function commandFault(command: string): string | null {
  try {
    splitCommand(command);
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.fields[0]?.message ?? error.message;
    throw error;
  }
}
