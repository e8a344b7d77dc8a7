import { LONGEST, WORKER_NAME } from '../kernel/names.js';
import type { BuildMethod } from './build-settings.js';
import type { ProcessType } from './process-type.js';

/** A process type that no worker runs. */
export interface WorkerSuggestion {
  /** The process type, as it was declared. */
  readonly processType: string;
  /** What the worker should be called; null where no worker can be called so. */
  readonly name: string | null;
  /** What the worker's command should be. */
  readonly command: string;
  /** The command as it was declared, for people. */
  readonly declared: string;
}

/** What a build found, and the workers that are there. */
export interface SuggestionFacts {
  readonly method: BuildMethod | null;
  readonly processTypes: readonly ProcessType[];
  readonly workers: readonly { readonly name: string; readonly command: string }[];
}

/** Workers for the process types that none has yet, by name or by command, in the order in which they were declared. */
export function suggestWorkers({ method, processTypes, workers }: SuggestionFacts): readonly WorkerSuggestion[] {
  const names = new Set(workers.map(({ name }) => name));
  const commands = new Set(workers.map(({ command }) => command.trim()));
  return processTypes
    .map((type) => suggestionOf(type, method))
    .filter(({ name, command }) => !commands.has(command) && (name === null || !names.has(name)));
}

function suggestionOf({ name, command }: ProcessType, method: BuildMethod | null): WorkerSuggestion {
  return {
    processType: name,
    name: workerName(name),
    command: method === 'buildstep' || method === 'cnb' ? `/start ${name}` : withShell(command),
    declared: command,
  };
}

function workerName(processType: string): string | null {
  const name = processType.toLowerCase().replaceAll('.', '-');
  return WORKER_NAME.test(name) && name.length <= LONGEST.worker ? name : null;
}

/** Characters that mean something to a shell, which no worker's command has by itself. */
const FOR_A_SHELL = /[$`|&;<>()*?[\]{}~\n]|^\s*\w+=/;

/** An image without `/start` runs the declared command; a shell reads it where it is written for one. */
function withShell(command: string): string {
  return FOR_A_SHELL.test(command) ? `sh -c '${command.replaceAll("'", `'\\''`)}'` : command;
}
