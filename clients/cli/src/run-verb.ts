import { Command } from 'commander';
import { EXIT, type ExitCode } from './exit-codes.js';
import { Given } from './given.js';
import { ProgramContext } from './open-context.js';
import { COMMON } from './options.js';
import { ProgramOutput } from './program-output.js';
import type { ServerVersion } from './server-version.js';
import { readSettings } from './settings/settings.js';
import type { Argument, Option, Verb } from './verb.js';
import type { World } from './world.js';

/** A verb, and what was typed around it. */
export interface Asked {
  readonly verb: Verb;
  readonly words: readonly string[];
  readonly world: World;
  readonly version: ServerVersion;
}

/** Reads the words of a verb, and runs it. */
export async function runVerb({ verb, words, world, version }: Asked): Promise<ExitCode> {
  let given = new Given({}, {});
  const command = commandOf(verb, world).action((...typed: readonly unknown[]) => {
    given = givenOf(verb, typed);
  });
  await command.parseAsync([...words], { from: 'user' });
  const output = new ProgramOutput(world, {
    json: given.flag('json'),
    quiet: given.flag('quiet'),
    color: given.flag('color'),
  });
  const settings = verb.calls.length === 0 ? { url: null, token: null } : await readSettings(world);
  const run = await verb.load();
  return (await run(new ProgramContext({ world, output, settings, version, given }), given)) ?? EXIT.done;
}

/** Commander hands over the arguments in their order, then the options, then itself. */
function givenOf({ takes = [] }: Verb, typed: readonly unknown[]): Given {
  const words = Object.fromEntries(
    takes.map(({ name }, at) => [name, typed[at] as string | readonly string[] | undefined]),
  );
  return new Given(words, typed[takes.length] as Readonly<Record<string, unknown>>);
}

/** The verb as commander reads and explains it. */
function commandOf(verb: Verb, world: Pick<World, 'stdout' | 'stderr'>): Command {
  const command = new Command(`jockey ${verb.name}`)
    .description([verb.about, verb.more].filter(Boolean).join('\n\n'))
    .exitOverride()
    .allowExcessArguments(false)
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.max(40, world.stdout.columns ?? 80),
    });
  if (verb.passThrough === true) command.passThroughOptions();
  for (const argument of verb.takes ?? []) command.argument(syntaxOf(argument), argument.about);
  for (const option of [...(verb.options ?? []), ...COMMON]) addOption(command, option);
  command.addHelpText('after', (verb.examples ?? []).length === 0 ? '' : examplesOf(verb));
  return command;
}

const examplesOf = ({ examples = [] }: Verb): string =>
  ['', 'Examples:', ...examples.map((line) => `  $ jockey ${line}`)].join('\n');

const syntaxOf = ({ name, optional, many }: Argument): string => {
  const inside = `${name}${many === true ? '...' : ''}`;
  return optional === true ? `[${inside}]` : `<${inside}>`;
};

function addOption(command: Command, { flags, about, many }: Option): void {
  const shown = flags.replace(/ ([A-Z_=/]+)$/, ' <$1>');
  if (many === true)
    command.option(shown, about, (value: string, before: string[] | undefined) => [...(before ?? []), value]);
  else command.option(shown, about);
}
