import { once } from 'node:events';
import type { Response } from 'express';

/** Sends a part of an answer; resolves when the client has taken it or has left, so that nobody's slowness fills the memory. */
export async function sendText(response: Response, text: string | Buffer): Promise<void> {
  if (response.closed || response.write(text)) return;
  const done = new AbortController();
  const { signal } = done;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  done.abort();
}
