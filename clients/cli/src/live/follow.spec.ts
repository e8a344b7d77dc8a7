import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Context } from '../context.js';
import { Fault } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { Given } from '../given.js';
import { ProgramOutput } from '../program-output.js';
import type { Asked, Server } from '../server.js';
import type { TextOutput, World } from '../world.js';
import { aBuild, aDeploy, anInstance } from './deploy-scene.js';
import { follow, stayWith } from './follow.js';
import { logs } from './logs.js';

const END = 'event: end\ndata: {}\n\n';
const line = (id: number, text: string) => `id: ${id}\ndata: ${JSON.stringify({ message: { text } })}\n\n`;

const OLD_BUILD = aBuild({ completed_at: '2025-12-31T23:00:00.000Z' });
const OPEN = aDeploy({ build: OLD_BUILD });
const ENDED = { completed_at: '2026-01-01T00:00:10.000Z', build: OLD_BUILD };
const DONE = aDeploy({ ...ENDED, state: 'deployed', outcome: 'succeeded', release: 'v12' });
const FAILED = aDeploy({ ...ENDED, state: 'failed', outcome: 'not_placed', failure_reason: 'No host has room.' });

/** What stands on a stream after all. */
class Page extends PassThrough {
  isTTY = false;
  columns = 80;
  rows = 24;

  get text(): string {
    return String(this.read() ?? '');
  }
}

interface SceneOptions {
  /** What each look finds, the last one over and over; a look that finds nothing is never answered. */
  readonly looks: readonly (object | Error | null)[];
  readonly log?: string;
  readonly manner?: { readonly json?: boolean; readonly quiet?: boolean };
  readonly terminal?: true;
}

function scene({ looks, log = END, manner = {}, terminal }: SceneOptions) {
  const [stdout, stderr] = [new Page(), new Page()];
  if (terminal) stderr.isTTY = true;
  const interrupts = new Set<() => void>();
  const world: World = {
    ...{ environment: { LANG: 'C.UTF-8', NO_COLOR: '1' }, stdin: new PassThrough() as unknown as World['stdin'] },
    ...{ stdout: stdout as TextOutput, stderr: stderr as TextOutput, folder: '/', home: '/' },
    onInterrupt: (listener) => {
      interrupts.add(listener);
      return () => interrupts.delete(listener);
    },
  };
  const asked: Asked[] = [];
  const server: Server = {
    ...{ url: 'http://jockey', token: 't', socket: () => ({ url: '', headers: {} }) },
    send: (request) => Promise.resolve(asked.push(request) > 0 ? new Response(log) : new Response()),
    data: <T>(request: Asked) => look<T>(looks[Math.min(asked.push(request), looks.length) - 1] ?? null, request),
  };
  const output = new ProgramOutput(world, { json: false, quiet: false, color: true, ...manner });
  const place = () => Promise.resolve({ app: 'sample', environment: 'production' });
  const context = { world, output, server, place } as unknown as Context;
  return { context, stdout, stderr, asked, interrupts };
}

function look<T>(found: object | Error | null, { signal }: Asked): Promise<T> {
  if (found instanceof Error) return Promise.reject(found);
  if (found !== null) return Promise.resolve(found as T);
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
}

const given = (options: Record<string, unknown> = { wait: true }) => new Given({}, options);
const DEPLOY = { kind: 'deploy', id: '17' } as const;

describe('follow', () => {
  it('tells its log on stderr, and the result on stdout', async () => {
    const { context, stdout, stderr } = scene({ looks: [OPEN, DONE], log: line(1, 'placed web 1 on h1') + END });
    expect(await follow(context, given(), DEPLOY)).toBe(EXIT.done);
    expect(stderr.text).toBe('placed web 1 on h1\n');
    expect(stdout.text).toBe('Deploy 17 of sample to production, 6e1f0c0: deployed as v12 in 10 s.\n');
  });

  it('says by its code and on stderr why it failed, and leaves stdout empty', async () => {
    const { context, stdout, stderr } = scene({ looks: [OPEN, FAILED] });
    expect(await follow(context, given(), DEPLOY)).toBe(EXIT.cannotPlace);
    expect(stderr.text).toContain('failed (not placed) after 10 s.\nNo host has room.\n');
    expect(stdout.text).toBe('');
  });

  it('prints what has settled as JSON, also where it failed', async () => {
    const { context, stdout } = scene({ looks: [OPEN, FAILED], manner: { json: true } });
    await follow(context, given(), DEPLOY);
    expect(JSON.parse(stdout.text)).toEqual(FAILED);
  });

  it('says nothing but the result with --quiet', async () => {
    const { context, stdout, stderr } = scene({
      looks: [OPEN, DONE],
      log: line(1, 'x') + END,
      manner: { quiet: true },
    });
    await follow(context, given(), DEPLOY);
    expect([stderr.text, stdout.text.split('\n')]).toEqual(['', [expect.stringContaining('deployed as v12'), '']]);
  });

  it('draws in place on a terminal, and ends with the last picture', async () => {
    const done = { ...DONE, instances: [anInstance('web', 1)] };
    const { context, stderr } = scene({ looks: [OPEN, done], terminal: true });
    await follow(context, given(), DEPLOY);
    const pictures = stderr.text.split('\u001b[?2026l');
    expect(pictures[0]).toContain('Ctrl-C leaves it running; `jockey wait deploy 17` comes back.');
    expect(pictures.at(-2)).toContain('✓ healthy');
    expect(pictures.at(-2)).not.toContain('Ctrl-C');
  });

  it('does not wait with --no-wait, and says how to come back', async () => {
    const { context, stdout, asked } = scene({ looks: [OPEN] });
    expect(await follow(context, given({ wait: false }), DEPLOY)).toBe(EXIT.done);
    expect(stdout.text).toBe('Deploy 17 is begun. `jockey wait deploy 17` comes back.\n');
    expect(asked).toHaveLength(1);
  });

  it('leaves it at Ctrl-C, and listens no longer', async () => {
    const { context, stderr, interrupts } = scene({ looks: [OPEN, null] });
    const followed = follow(context, given(), DEPLOY);
    while (interrupts.size === 0) await new Promise(setImmediate);
    for (const interrupt of interrupts) interrupt();
    expect(await followed).toBe(EXIT.interrupted);
    expect(stderr.text).toBe('Deploy 17 goes on. `jockey wait deploy 17` comes back.\n');
    expect(interrupts.size).toBe(0);
  });

  it('leaves it when the time is up', async () => {
    const { context, stderr } = scene({ looks: [OPEN, null] });
    expect(await follow(context, given({ wait: true, timeout: '0' }), DEPLOY)).toBe(EXIT.timedOut);
    expect(stderr.text).toContain('the time to wait is up');
  });

  it('looks again where Jockey does not answer for a moment', async () => {
    const silent = new Fault('Jockey cannot be asked.', EXIT.failed, null, 'no_answer');
    const { context } = scene({ looks: [OPEN, silent, DONE] });
    expect(await follow(context, given(), DEPLOY)).toBe(EXIT.done);
  });

  it('says how to come back where it may not look any more', async () => {
    const refused = new Fault('The token is not valid.', EXIT.refused, null, 'not_authenticated');
    const { context } = scene({ looks: [OPEN, refused] });
    await expect(follow(context, given(), DEPLOY)).rejects.toMatchObject({
      ...{ exitCode: EXIT.refused, hint: 'It may go on. `jockey wait deploy 17` comes back.' },
    });
  });

  it('does not tell the log of what has settled long ago', async () => {
    const { context, stderr, asked } = scene({ looks: [DONE], log: line(1, 'x') + END });
    expect(await stayWith(context, given({}), DEPLOY)).toBe(EXIT.done);
    expect([stderr.text, asked.length]).toEqual(['', 1]);
  });
});

const APP_LINE = { worker: 'web', slot: 1, host: 'h1', timestamp: '2026-01-01T00:00:00.1Z' };

describe('logs', () => {
  it('shows whose each line is, without what a terminal would obey', async () => {
    const said = { ...APP_LINE, message: { text: 'GET / \u001b[2J200' } };
    const { context, stdout, asked } = scene({ looks: [], log: JSON.stringify({ logs: [said], missing: [] }) });
    await logs(context, given({ worker: 'web', tail: '5' }));
    expect(stdout.text).toBe('web.1 h1 | GET / 200\n');
    expect(asked[0]).toMatchObject({ path: '/app_logs', query: { app: 'sample', worker: 'web', tail: 5 } });
  });

  it('follows, and tells on stderr who comes and goes', async () => {
    const joined = `event: instance\ndata: ${JSON.stringify({ ...APP_LINE, change: 'joined' })}\n\n`;
    const said = `id: 1\ndata: ${JSON.stringify({ ...APP_LINE, message: { text: 'hello' } })}\n\n`;
    const { context, stdout, stderr } = scene({ looks: [], log: joined + said + END });
    expect(await logs(context, given({ follow: true, times: true }))).toBe(EXIT.done);
    expect(stderr.text).toBe('web.1 on h1 is followed\n');
    expect(stdout.text).toBe('2026-01-01T00:00:00.1Z web.1 h1 | hello\n');
  });

  it('says which instance is missing', async () => {
    const missing = [{ ...APP_LINE, because: 'its host is silent' }];
    const { context, stderr } = scene({ looks: [], log: JSON.stringify({ logs: [], missing }) });
    await logs(context, given({}));
    expect(stderr.text).toBe('web.1 on h1 cannot be read: its host is silent\n');
  });

  it('shows one log at a time', () => {
    const { context } = scene({ looks: [] });
    expect(() => logs(context, given({ deploy: '1', build: '2' }))).toThrow('--deploy or --build');
  });
});
