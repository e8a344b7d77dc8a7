import type { Context } from '../context.js';
import { failed } from '../errors.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { safeText } from '../safe-text.js';
import { exitOfCommand } from './command-exit.js';
import type { ConsoleExit } from './console-frames.js';
import { ConsoleSession, type SessionEnd } from './console-session.js';
import { isSettled } from './is-settled.js';
import { openConsole } from './open-console.js';
import type { RunView } from './run-view.js';

/** How a terminal, or a pipe, is connected to a run. */
export interface Manner {
  /** Whether it has a terminal, and is typed to. */
  readonly interactive: boolean;
  /** Whether what stdin holds is its input. */
  readonly input: boolean;
}

/** Connects this terminal to a run until its end; the exit code is that of its command. */
export async function attachTo(context: Context, run: RunView, manner: Manner): Promise<ExitCode> {
  const { output, server, world } = context;
  if (manner.interactive) output.progress(`Run ${run.id}; Ctrl-] leaves it.`);
  const socket = await openConsole(server, `/runs/${run.id}/console`);
  const session = new ConsoleSession(socket, {
    ...manner,
    stdin: world.stdin,
    // With --json stdout is for the document alone.
    stdout: output.json ? world.stderr : world.stdout,
    stderr: world.stderr,
    onState: ({ state, waiting_for: why }) => tellState(context, state, why ?? null),
  });
  const ignore = manner.interactive ? () => undefined : passInterrupts(context, session);
  try {
    socket.resume();
    return await ended(context, run, await session.run());
  } finally {
    ignore();
  }
}

function tellState({ output }: Context, state: string, why: string | null): void {
  if (state !== 'waiting') return;
  output.progress(safeText(why === null ? 'It waits for its turn.' : `It waits: ${why}`));
}

/** The first Ctrl-C is for the command; the second one leaves it. */
function passInterrupts({ world }: Context, session: ConsoleSession): () => void {
  let count = 0;
  return world.onInterrupt(() => {
    count += 1;
    if (count === 1) session.signal('SIGINT');
    else session.leave();
  });
}

async function ended(context: Context, run: RunView, end: SessionEnd): Promise<ExitCode> {
  switch (end.type) {
    case 'exit':
      if (end.reason !== null && !endedByItself(end)) context.output.warn(safeText(end.reason));
      await tellRun(context, run);
      return exitOfCommand(end);
    case 'detached':
      context.output.warn(`\nRun ${run.id} is left. ${wayBack(run)}`);
      return EXIT.interrupted;
    case 'problem':
      throw failed(end.detail);
    case 'lost':
      return lost(context, run);
  }
}

/** Whoever typed the command knows its exit codes; that a limit or somebody else ended it has to be said. */
function endedByItself({ exit_code: code, outcome }: ConsoleExit): boolean {
  return code !== null && (outcome === 'failed' || outcome === 'succeeded');
}

/** A console in an instance is made once; a run of its own waits a moment for who comes back. */
function wayBack({ id, kind }: RunView): string {
  if (kind === 'exec') return `\`jockey runs:cancel ${id}\` ends it.`;
  return `\`jockey attach ${id}\` comes back.`;
}

/** A connection that broke right at the end of the run has missed nothing but the word of it. */
async function lost({ server, output }: Context, { id }: RunView): Promise<ExitCode> {
  const now = await server.data<RunView>({ path: `/runs/${id}` });
  if (!isSettled(now)) throw failed('The connection is lost.', `\`jockey attach ${id}\` comes back while it goes on.`);
  if (now.failure_reason !== null) output.warn(safeText(now.failure_reason));
  return exitOfCommand(now);
}

async function tellRun({ server, output }: Context, { id }: RunView): Promise<void> {
  if (output.json) output.data(await server.data<RunView>({ path: `/runs/${id}` }), () => []);
}
