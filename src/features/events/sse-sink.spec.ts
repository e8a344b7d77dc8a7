import { EventEmitter, once } from 'node:events';
import type { Response } from 'express';
import { expect, it } from 'vitest';
import type { ReadyEvent } from './event-pages.js';
import { SseSink } from './sse-sink.js';

/** As much of a response as a stream needs. */
class Page extends EventEmitter {
  text = '';
  readonly closed = false;
  readonly writableNeedDrain = false;
  writeHead(): void {}
  write(text: string): boolean {
    this.text += text;
    return true;
  }
  end(): void {}
}

const event = (id: string): ReadyEvent => ({ story: { id }, text: `{"id":"${id}"}` }) as ReadyEvent;

it('a stream ends by itself after its time', async () => {
  const sink = new SseSink(new Page() as unknown as Response, 20);
  expect(sink.signal.aborted).toBe(false);
  await once(sink.signal, 'abort');
  sink.end();
});

it('a stream says how far it was read where nothing of it was wanted', async () => {
  const page = new Page();
  const sink = new SseSink(page as unknown as Response, 60_000);
  page.text = '';
  await sink.send([event('4'), event('6')], '6');
  await sink.send([], '9');
  await sink.send([event('10')], '12');
  expect(page.text).toBe(
    'id: 4\ndata: {"id":"4"}\n\nid: 6\ndata: {"id":"6"}\n\nid: 9\n\nid: 10\ndata: {"id":"10"}\n\nid: 12\n\n',
  );
  sink.end();
});
