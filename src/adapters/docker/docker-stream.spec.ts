import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readDockerStream } from './docker-stream.js';

const never = new AbortController().signal;

/** Reads chunks as they would come over the network. */
async function read(chunks: readonly (string | Buffer)[], signal = never) {
  const lines: string[] = [];
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  const end = await readDockerStream(stream, { host: 'h1', onLine: (line) => void lines.push(line), signal });
  return { lines, ...end };
}

const item = (value: unknown) => `${JSON.stringify(value)}\r\n`;

describe('readDockerStream', () => {
  it('puts items, lines and characters together that come in pieces', async () => {
    const whole = Buffer.from(item({ stream: 'Grüße\nund ' }) + item({ stream: 'mehr\r\n' }));
    const bytes = [...whole].map((byte) => Buffer.from([byte]));
    expect(await read(bytes)).toEqual({ lines: ['Grüße', 'und mehr'], aux: {}, failure: null });
  });

  it('hands on what stands without a newline at the end', async () => {
    expect((await read([item({ stream: 'one\n\ntwo' })])).lines).toEqual(['one', '', 'two']);
  });

  it('takes an error in the stream for the failure, and hands it on as a line', async () => {
    const end = await read([
      item({ status: 'begun' }),
      item({ errorDetail: { code: 2, message: 'denied: no' }, error: 'denied: no' }),
    ]);
    expect(end).toMatchObject({ failure: 'denied: no', lines: ['begun', 'denied: no'] });
  });

  it('takes an error without detail for a failure too', async () => {
    expect((await read([item({ error: 'denied' })])).failure).toBe('denied');
  });

  it('keeps what stands beside the output', async () => {
    const end = await read([
      item({ aux: { ID: 'sha256:1' } }),
      item({ aux: { Tag: 'a', Digest: 'sha256:2', Size: 1 } }),
    ]);
    expect(end.aux).toEqual({ ID: 'sha256:1', Tag: 'a', Digest: 'sha256:2', Size: 1 });
  });

  it('tells the layers of a push, but not each tick of their progress', async () => {
    const { lines } = await read([
      item({ status: 'The push refers to repository [r/a]' }),
      item({ status: 'Pushing', id: 'l1', progressDetail: { current: 1, total: 2 }, progress: '[=> ]' }),
      item({ status: 'Pushed', id: 'l1', progressDetail: {} }),
    ]);
    expect(lines).toEqual(['The push refers to repository [r/a]', 'l1: Pushed']);
  });

  it('cuts a line that does not end', async () => {
    const { lines } = await read([item({ stream: 'x'.repeat(40_000) }), item({ stream: 'y\n' })]);
    expect(lines.map(({ length }) => length)).toEqual([16_384, 16_384, 7_233]);
  });

  it('says that the connection was lost, after the lines up to there', async () => {
    const lines: string[] = [];
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from(item({ stream: 'as far as here' }));
        throw new Error('aborted');
      })(),
    );
    const reading = { host: 'h1', onLine: (line: string) => void lines.push(line), signal: never };
    await expect(readDockerStream(broken, reading)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the connection to host h1 was lost: aborted',
    });
    expect(lines).toEqual(['as far as here']);
  });

  it('reads no more before a line is taken, and takes a slow sink for no silence', async () => {
    const lines: string[] = [];
    let atOnce = 0;
    const reading = {
      host: 'h1',
      signal: never,
      longestSilence: 50,
      onLine: async (line: string) => {
        atOnce += 1;
        await pause(80);
        lines.push(`${line} ${atOnce}`);
        atOnce -= 1;
      },
    };
    await readDockerStream(Readable.from([Buffer.from(item({ stream: 'one\ntwo\n' }))]), reading);
    expect(lines).toEqual(['one 1', 'two 1']);
  });

  it('takes an item that was cut off for a lost connection', async () => {
    await expect(read(['{"stream":"half'])).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('stops when told to, and says why', async () => {
    const stop = AbortSignal.abort(new Error('the lease was lost'));
    await expect(read([item({ stream: 'a\n' })], stop)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'stopped on host h1: the lease was lost',
    });
  });

  it('gives up a stream that falls silent, and not one that is only slow', async () => {
    const slow = Readable.from(
      trickle([item({ stream: 'one\n' }), item({ stream: 'two\n' }), item({ stream: 'three\n' })]),
    );
    const lines: string[] = [];
    const reading = { host: 'h1', onLine: (line: string) => void lines.push(line), signal: never, longestSilence: 200 };
    await readDockerStream(slow, reading);
    expect(lines).toEqual(['one', 'two', 'three']);
    const silent = new Readable({ read: () => undefined });
    await expect(readDockerStream(silent, reading)).rejects.toThrow(
      'stopped on host h1: nothing was heard for 0.2 s, so what it waits for hangs',
    );
    expect(silent.destroyed).toBe(true);
  });
});

/** Longer in all than the silence that is allowed. */
async function* trickle(texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) {
    await pause(80);
    yield Buffer.from(text);
  }
}
