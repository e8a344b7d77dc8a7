import { describe, expect, it } from 'vitest';
import { encode, readSolveStatus, type SolveStatus, type Vertex } from './buildkit-messages.js';
import { BuildTrace } from './buildkit-trace.js';

const NOTHING: SolveStatus = { vertexes: [], statuses: [], logs: [], warnings: [] };

function vertex(change: Partial<Vertex>): SolveStatus {
  const base = { digest: 'a', name: '[2/3] RUN make', cached: false, started: null, completed: null, error: '' };
  return { ...NOTHING, vertexes: [{ ...base, ...change }] };
}

function printed(text: string | Buffer, stream: 'stdout' | 'stderr' = 'stdout', of = 'a'): SolveStatus {
  return { ...NOTHING, logs: [{ vertex: of, stream, bytes: Buffer.from(text) }] };
}

function story(...items: readonly SolveStatus[]) {
  const trace = new BuildTrace();
  const lines = items.flatMap((item) => [...trace.add(item)]);
  return { trace, texts: [...lines, ...trace.end()].map(({ text }) => text) };
}

describe('BuildTrace', () => {
  it('says once that a step began, and how long it took, however often it is told', () => {
    const began = vertex({ started: 1_000 });
    const ended = vertex({ started: 1_000, completed: 3_250 });
    const { texts, trace } = story(vertex({}), began, began, ended, ended);
    expect(texts).toEqual(['[2/3] RUN make', '[2/3] done in 2.3 s']);
    expect(trace.running).toEqual([]);
  });

  it('says of a cached step that it is, and not that it began', () => {
    const cached = vertex({ cached: true, started: 1, completed: null });
    expect(story(cached, vertex({ cached: true, started: 1, completed: 1 })).texts).toEqual(['[2/3] RUN make: CACHED']);
  });

  it('puts what two steps print side by side together, each stream and step for itself', () => {
    const both = { ...NOTHING, vertexes: [...vertex({ started: 1 }).vertexes, ...other({ started: 1 }).vertexes] };
    const trace = new BuildTrace();
    const items = [both, printed('one '), printed('er', 'stderr'), printed('two', 'stdout', 'b'), printed('line\n')];
    const lines = [...items, printed('ror\n', 'stderr')].flatMap((item) => [...trace.add(item)]);
    expect([...lines.slice(2), ...trace.end()]).toEqual([
      { text: 'one line', stream: 'stdout', step: '[2/3] RUN make' },
      { text: 'error', stream: 'stderr', step: '[2/3] RUN make' },
      { text: 'two', stream: 'stdout', step: '[b 1/2] RUN other' },
    ]);
  });

  it('puts characters together that were cut in two', () => {
    const bytes = Buffer.from('Grüße\n');
    expect(story(printed(bytes.subarray(0, 3)), printed(bytes.subarray(3))).texts).toEqual(['Grüße']);
  });

  it('cuts a line that does not end, and says that it goes on', () => {
    const trace = new BuildTrace();
    const lines = [...trace.add(printed('x'.repeat(40_000)))];
    expect(lines.map(({ text, goesOn }) => [text.length, goesOn])).toEqual([
      [16_384, true],
      [16_384, true],
    ]);
    expect([...trace.end()].map(({ text }) => text.length)).toEqual([7_232]);
  });

  it('hands on what a step printed before it says that the step ended', () => {
    const { texts } = story(vertex({ started: 1 }), printed('last'), vertex({ started: 1, completed: 1 }));
    expect(texts).toEqual(['[2/3] RUN make', 'last', '[2/3] done in 0.0 s']);
  });

  it('remembers the step that failed and the last five lines of it', () => {
    const items = Array.from({ length: 7 }, (_, index) => printed(`line ${index}\n\n`));
    const { trace } = story(
      vertex({ started: 1 }),
      ...items,
      vertex({ started: 1, completed: 2, error: 'exit code: 2' }),
    );
    expect(trace.failed).toEqual({
      name: '[2/3] RUN make',
      error: 'exit code: 2',
      lastLines: ['line 2', 'line 3', 'line 4', 'line 5', 'line 6'],
    });
  });

  it('takes neither a cache that is not there nor a step that was cancelled for the fault', () => {
    const name = 'importing cache manifest from r/a:1';
    const { trace, texts } = story(
      vertex({ name, started: 1, completed: 2, error: 'not found' }),
      other({ started: 1, completed: 2, error: 'exit code: 137: context canceled' }),
    );
    expect(trace.failed).toBeNull();
    expect(texts).toContain('nothing of r/a:1 can be used again: not found');
  });

  it('knows which steps run, also one that began again', () => {
    const { trace, texts } = story(
      vertex({ name: '[1/3] FROM r/base:1', started: 1, completed: 2 }),
      vertex({ name: '[1/3] FROM r/base:1', started: 5, completed: null }),
    );
    expect(trace.running).toEqual(['[1/3] FROM r/base:1']);
    expect(trace.baseImages).toEqual(['r/base:1']);
    expect(texts).toEqual(['[1/3] FROM r/base:1', '[1/3] done in 0.0 s']);
  });

  it('tells the parts of a step when they are done, and remarks on the Dockerfile', () => {
    const statuses = [{ vertex: 'a', id: 'exporting layers', completed: false }];
    const done = [{ vertex: 'a', id: 'exporting layers', completed: true }];
    const warnings = [{ vertex: 'a', text: 'JSONArgsRecommended' }];
    const { texts } = story({ ...NOTHING, statuses }, { ...NOTHING, statuses: done }, { ...NOTHING, warnings });
    expect(texts).toEqual(['exporting layers: done', 'warning: JSONArgsRecommended']);
  });
});

describe('readSolveStatus', () => {
  it('reads what BuildKit wrote', () => {
    const bytes = encode('StatusResponse', {
      vertexes: [{ digest: 'd', name: 'n', cached: true, started: { seconds: 2, nanos: 500_000_000 } }],
      logs: [{ vertex: 'd', stream: 2, msg: Buffer.from('oh') }],
    });
    expect(readSolveStatus(bytes.toString('base64'))).toMatchObject({
      vertexes: [{ digest: 'd', name: 'n', cached: true, started: 2_500, completed: null, error: '' }],
      logs: [{ vertex: 'd', stream: 'stderr', bytes: Buffer.from('oh') }],
      statuses: [],
      warnings: [],
    });
  });
});

function other(change: Partial<Vertex>): SolveStatus {
  return vertex({ digest: 'b', name: '[b 1/2] RUN other', ...change });
}
