import { once } from 'node:events';
import type { Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Asked } from '../server.js';
import { followEvents, type ServerEvent } from './event-reader.js';

/** A stream whose events are printed as they come. */
export interface Printed {
  readonly path: string;
  readonly query: Asked['query'];
  /** Prints one event. */
  readonly print: (event: ServerEvent) => void;
}

/**
 * Prints events as they come until the stream ends or Ctrl-C. Whoever reads slowly is waited for: nothing is piled up
 * here.
 */
export async function followLines(context: Context, { path, query, print }: Printed): Promise<ExitCode> {
  const { server, output, world } = context;
  const leaving = new AbortController();
  const ignore = world.onInterrupt(() => leaving.abort());
  const onConnection = (isThere: boolean) =>
    output.progress(isThere ? 'Jockey is back.' : 'Jockey does not answer; it is looked for.');
  try {
    for await (const event of followEvents(server, { path, query, signal: leaving.signal, onConnection })) {
      print(event);
      const { stdout } = world;
      if ('writableNeedDrain' in stdout && stdout.writableNeedDrain === true)
        await once(stdout, 'drain', { signal: leaving.signal }).catch(() => undefined);
    }
    return leaving.signal.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    ignore();
  }
}
