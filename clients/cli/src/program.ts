import { VERBS, verbOf } from './catalog.js';
import { usage } from './errors.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { faultOf } from './fault-of.js';
import { helpOfAll } from './help.js';
import { nearest } from './nearest.js';
import { COMMON, wordsOf } from './options.js';
import { type Manner, ProgramOutput } from './program-output.js';
import { ServerVersion } from './server-version.js';
import { VERSION } from './version.js';
import { type CommandLine, readCommandLine } from './words.js';
import type { World } from './world.js';

/** Runs a command line, without the program's own name, and says how it ended. It never throws. */
export async function runProgram(line: readonly string[], world: World): Promise<ExitCode> {
  const version = new ServerVersion();
  try {
    return await runLine(line, world, version);
  } catch (error) {
    return tell(error, { line, world, version });
  }
}

interface Failed {
  readonly line: readonly string[];
  readonly world: World;
  readonly version: ServerVersion;
}

function tell(error: unknown, { line, world, version }: Failed): ExitCode {
  const ofParser = isOfParser(error);
  if (ofParser && error.exitCode === 0) return EXIT.done;
  const fault = faultOf(ofParser ? faultOfParser(error, line) : error, version.difference());
  const { message, hint, code, exitCode } = fault;
  if (line.includes('--json')) {
    world.stderr.write(`${JSON.stringify({ error: { code, message, hint, exit_code: exitCode } })}\n`);
  } else {
    const output = new ProgramOutput(world, { ...mannerOf(line), quiet: false });
    output.warn(`${output.paint('Error:', 'bad', 'stderr')} ${message}`);
    if (hint !== null) output.warn(hint);
  }
  return exitCode;
}

/** What commander throws, which is only loaded for a verb: for faults, and for help that was asked for too. */
interface OfParser extends Error {
  readonly code: string;
  readonly exitCode: number;
}

const isOfParser = (error: unknown): error is OfParser =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');

function faultOfParser({ message, code }: OfParser, line: readonly string[]): Error {
  const near = code === 'commander.excessArguments' ? nearestOfTwo(line) : null;
  const hint = near === null ? 'With --help it says what it takes.' : `Did you mean \`jockey ${near}\`?`;
  return usage(sentence(message.replace(/^error: /, '')), hint);
}

/** `apps craete`: the second word was to be part of the verb. */
function nearestOfTwo(line: readonly string[]): string | null {
  const typed = line
    .filter((word) => !word.startsWith('-'))
    .slice(0, 2)
    .join(':');
  const names = VERBS.map(({ name }) => name).filter((name) => name.startsWith(`${typed.split(':')[0]}:`));
  return nearest(typed, names);
}

const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.?)]$/.test(text) ? '' : '.'}`;

const mannerOf = (line: readonly string[]): Manner => ({
  json: line.includes('--json'),
  quiet: line.includes('--quiet') || line.includes('-q'),
  color: !line.includes('--no-color'),
});

async function runLine(line: readonly string[], world: World, version: ServerVersion): Promise<ExitCode> {
  const names = VERBS.map(({ name }) => name);
  const command = readCommandLine(helpFirst(line), [...names, 'help']);
  if (command.verb === null || command.verb === 'help') return general(command, world);
  const verb = verbOf(command.verb);
  if (verb === null) throw usage(`There is no verb "${command.verb}".`);
  const { runVerb } = await import('./run-verb.js');
  return runVerb({ verb, words: command.words, world, version });
}

/** `help apps:create` is `apps:create --help`. */
function helpFirst(line: readonly string[]): readonly string[] {
  return line[0] === 'help' && line.length > 1 ? [...line.slice(1), '--help'] : line;
}

function general({ words }: CommandLine, world: World): ExitCode {
  if (words.includes('--version') || words.includes('-V')) {
    world.stdout.write(`${VERSION}\n`);
    return EXIT.done;
  }
  const known = ['--help', '-h', ...COMMON.flatMap(wordsOf)];
  const unknown = words.find((word) => word.startsWith('-') && !known.includes(word.split('=')[0] ?? ''));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    throw usage(`There is no option "${unknown}".`, near === null ? null : `Did you mean ${near}?`);
  }
  const columns = new ProgramOutput(world, { json: false, quiet: false, color: false }).columns;
  for (const each of helpOfAll(VERBS, columns)) world.stdout.write(`${each}\n`);
  return EXIT.done;
}
