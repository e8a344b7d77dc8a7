import type { Readable } from 'node:stream';

/**
 * The items of a stream in which Docker tells one JSON value a line. It separates them by `\r\n`, and cuts them over
 * chunks as it likes, also within a character. Throws what the stream throws, and on a line that was cut off.
 */
export async function* jsonLinesOf<T>(stream: Readable): AsyncGenerator<T> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part.trim() !== '') yield JSON.parse(part) as T;
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as T;
}
