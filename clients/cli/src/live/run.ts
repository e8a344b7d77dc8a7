import type { Context } from '../context.js';
import { usage } from '../errors.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Given } from '../given.js';
import type { Run } from '../verb.js';
import { attachTo, type Manner } from './attach.js';
import type { RunView } from './run-view.js';

/** Runs a command once, in a container of its own. */
export const run: Run = async (context, given) => {
  const manner = mannerOf(context, given);
  const body = {
    ...(await context.place()),
    ...commandOf(context, given, manner),
    ...{ release: given.text('release'), worker: given.text('worker') ?? (await context.projectDefault('worker')) },
    ...{ memory_mb: given.count('memory'), cpus: amount(given, 'cpus'), detach: given.flag('detach') },
  };
  const view = await context.server.data<RunView>({ method: 'POST', path: '/runs', body });
  if (!given.flag('detach')) return attachTo(context, view, manner);
  return begun(context, view);
};

/** Runs a command in the container of an instance. */
export const exec: Run = async (context, given) => {
  const manner = mannerOf(context, given);
  const path = `/instances/${encodeURIComponent(await instanceId(context, given.argument('INSTANCE')))}/exec`;
  const body = commandOf(context, given, manner);
  return attachTo(context, await context.server.data<RunView>({ method: 'POST', path, body }), manner);
};

/** Comes back to a run that goes on. */
export const attach: Run = async (context, given) => {
  const path = `/runs/${encodeURIComponent(given.argument('RUN'))}`;
  const view = await context.server.data<RunView>({ path });
  const { stdin } = context.world;
  if (view.interactive && stdin.isTTY !== true)
    throw usage('It has a terminal, and there is none here to come back with.');
  return attachTo(context, view, { interactive: view.interactive, input: view.input && stdin.isTTY !== true });
};

function begun({ output }: Context, view: RunView): ExitCode {
  const { id } = view;
  output.data(view, () => [
    `Run ${id} is begun. \`jockey wait run ${id}\` waits for it; its output is in \`jockey logs --run ${id}\`.`,
  ]);
  return EXIT.done;
}

/** On a terminal it gets one; in a pipe what is piped in is its input. */
function mannerOf({ world, output }: Context, given: Given): Manner {
  const isTerminal = world.stdin.isTTY === true && world.stdout.isTTY === true && !output.json;
  const interactive = isTerminal && given.flag('tty') && !given.flag('detach');
  return { interactive, input: !interactive && world.stdin.isTTY !== true && !given.flag('detach') };
}

function commandOf({ world }: Context, given: Given, { interactive, input }: Manner) {
  const words = given.rest('COMMAND');
  const [first = ''] = words;
  const { columns, rows } = world.stdout;
  return {
    // One text is split into words by Jockey, as the command of a worker is.
    command: words.length === 1 ? first : words,
    ...{ interactive, input, time_limit_seconds: given.count('timeLimit') },
    ...(interactive ? { columns, rows } : {}),
  };
}

function amount(given: Given, option: string): number | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(text)) throw usage(`--${option} is "${text}", but should be a number such as 0.5.`);
  return Number(text);
}

interface SeenInstance {
  readonly id: string;
  readonly name: string;
}

/** By its id or its container's name, or as `web.1`: what runs in slot 1 of `web` in the place that is meant. */
async function instanceId(context: Context, word: string): Promise<string> {
  const [, worker, slot] = /^([^.]+)\.(\d{1,6})$/.exec(word) ?? [];
  if (/^\d+$/.test(word)) return word;
  const query = { ...(await context.place()), worker, per_page: 100 };
  const found = await context.server.data<
    readonly (SeenInstance & { readonly slot: number; readonly state: string })[]
  >({
    ...{ path: '/instances', query },
  });
  const named = found.filter((each) => each.name === word || (worker !== undefined && each.slot === Number(slot)));
  const best = named.find(({ state }) => state === 'healthy') ?? named[0];
  if (best === undefined) throw usage(`There is no instance "${word}" here.`, '`jockey ps` shows which there are.');
  return best.id;
}
