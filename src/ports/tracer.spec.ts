import { expect, it } from 'vitest';
import { NO_TRACES, type Span, traced } from './tracer.js';

function seen(): { span: Span; ends: (string | null)[] } {
  const ends: (string | null)[] = [];
  return { span: { traceparent: null, tell: () => undefined, end: (fault = null) => void ends.push(fault) }, ends };
}

it('ends a span once, with what went wrong', async () => {
  const { span, ends } = seen();
  expect(await traced(span, async () => 1)).toBe(1);
  await traced(
    span,
    async () => 2,
    () => 'refused',
  );
  await expect(traced(span, () => Promise.reject(new TypeError('a secret')))).rejects.toThrow('a secret');
  expect(ends).toEqual([null, 'refused', 'TypeError']);
});

it('hands the trace of a caller on where nothing is traced', () => {
  const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  expect(NO_TRACES.begin({ name: 'x', kind: 'server', parent }).traceparent).toBe(parent);
});
