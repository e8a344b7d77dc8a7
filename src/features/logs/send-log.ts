import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Request, Response } from 'express';
import type { LogLine } from '../../domain/log/log-line.js';
import { sendText } from './send-text.js';
import { textOf, viewOf } from './log-views.js';
import type { LogQueryDto } from './log.dto.js';

type Pages = AsyncGenerator<readonly LogLine[]>;

/** What is sent, and how it is asked for. */
export interface LogAnswer {
  readonly pages: Pages;
  readonly query: LogQueryDto;
  /** Name of a file that it is saved as, without its ending. */
  readonly name: string;
}

/** Sends a log as JSON, written page by page. What fails before the first page can still be told as a problem. */
export async function sendJson(response: Response, { pages, query: { ansi = 'keep' } }: LogAnswer): Promise<void> {
  let sent = 0;
  for await (const page of pages) {
    if (sent === 0) response.type('application/json');
    const lines = page.map((line) => JSON.stringify(viewOf(line, ansi))).join();
    await sendText(response, (sent === 0 ? '{"logs":[' : ',') + lines);
    sent += page.length;
    if (response.closed) return;
  }
  if (sent === 0) response.json({ logs: [] });
  else response.end(']}');
}

/** Sends the lines of a log as they were printed: plain, compressed on the way where that is accepted, or as a file. */
export async function sendPlain(request: Request, response: Response, answer: LogAnswer): Promise<void> {
  const { query, name } = answer;
  const first = await answer.pages.next();
  const isFile = query.format === 'text.gz';
  response.vary('Accept').vary('Accept-Encoding');
  response.type(isFile ? 'application/gzip' : 'text/plain');
  if (query.format !== undefined) response.attachment(`${name}.log${isFile ? '.gz' : ''}`);
  response.type(isFile ? 'application/gzip' : 'text/plain');
  const onTheWay = !isFile && request.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (onTheWay) response.set('Content-Encoding', 'gzip');
  const texts = Readable.from(textsOf(first.done === true ? [] : first.value, answer));
  try {
    await (isFile || onTheWay ? pipeline(texts, createGzip(), response) : pipeline(texts, response));
  } catch (error) {
    // Who leaves early misses nothing; what else is cut short must not look whole, and the pipeline has cut it.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

async function* textsOf(first: readonly LogLine[], { pages, query }: LogAnswer): AsyncGenerator<string> {
  if (first.length > 0) yield plainOf(first, query);
  for await (const page of pages) yield plainOf(page, query);
}

function plainOf(lines: readonly LogLine[], { ansi = 'keep', times = false }: LogQueryDto): string {
  return lines.map((line) => `${times ? `${line.timestamp.toISOString()} ` : ''}${textOf(line, ansi)}\n`).join('');
}
