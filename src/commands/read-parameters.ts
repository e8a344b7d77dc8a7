import { type Command, CommandFault, type Given, type Parameter } from './command.js';

/** Little words that people put between: `deploy shop to production`. */
const FILLERS: ReadonlySet<string> = new Set(['to', 'in', 'of']);

/** How a command is written. */
export function usageOf({ name, parameters }: Command): string {
  return [name, ...parameters.map(placeholderOf)].join(' ');
}

/** Gives the words of a line to the parameters of a command, in their order. Throws {@link CommandFault}. */
export function readParameters(command: Command, words: readonly string[]): Given {
  const left = words.filter((word) => !FILLERS.has(word.toLowerCase()));
  const kept = command.parameters.some(({ rest }) => rest === true) ? keepReason(command, words) : left;
  const given: Record<string, string | undefined> = {};
  for (const [at, parameter] of command.parameters.entries())
    given[parameter.name] = parameter.rest === true ? kept.slice(at).join(' ') || undefined : kept[at];
  const missing = command.parameters.find(({ name, optional }) => optional !== true && given[name] === undefined);
  if (missing !== undefined)
    throw new CommandFault(`${missing.name} is missing: ${missing.about} Write: ${usageOf(command)}`);
  const tooMany = kept.length > command.parameters.length && command.parameters.at(-1)?.rest !== true;
  if (tooMany)
    throw new CommandFault(
      `"${kept[command.parameters.length] ?? ''}" is one word too many. Write: ${usageOf(command)}`,
    );
  return given;
}

/** Fillers are left out before the reason, and kept in it. */
function keepReason({ parameters }: Command, words: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const word of words)
    if (kept.length >= parameters.length - 1 || !FILLERS.has(word.toLowerCase())) kept.push(word);
  return kept;
}

function placeholderOf({ name, optional, rest }: Parameter): string {
  const word = rest === true ? `${name}…` : name;
  return optional === true ? `[${word}]` : word;
}
