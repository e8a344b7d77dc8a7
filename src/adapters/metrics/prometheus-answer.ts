import { documentIn, NoNumber, usable } from './metric-answer.js';

/** What is read of an answer: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
interface QueryAnswer {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly data?: { readonly resultType?: unknown; readonly result?: unknown };
}

/** So much of what Prometheus says of a query is handed on, in characters. */
const LONGEST_WORDS = 200;

/** The one number in the answer of an instant query; throws {@link NoNumber}. */
export function numberOfQuery(body: string): number {
  const answer = documentIn(body) as QueryAnswer | null;
  if (answer?.status !== 'success') throw new NoNumber(refusalIn(answer));
  const { resultType, result } = answer.data ?? {};
  if (resultType === 'scalar') return usable(sampleOf(result));
  if (resultType !== 'vector' || !Array.isArray(result))
    throw new NoNumber(`is a ${String(resultType)}; the query should give one number.`);
  if (result.length !== 1) throw new NoNumber(countFault(result.length));
  return usable(sampleOf((result[0] as { readonly value?: unknown } | null)?.value));
}

function countFault(found: number): string {
  if (found === 0) return 'holds no value: the query finds nothing at this moment.';
  return `holds ${found} values; let the query give one, as sum(…) or max(…) does.`;
}

/** A pair of the time and the value, the value as text: `NaN` and `+Inf` are none in JSON. */
function sampleOf(pair: unknown): number {
  const text: unknown = Array.isArray(pair) ? pair[1] : undefined;
  if (typeof text !== 'string') throw new NoNumber('is not what Prometheus answers.');
  return text.endsWith('Inf') ? Number(`${text}inity`) : Number(text);
}

function refusalIn(answer: QueryAnswer | null): string {
  if (typeof answer?.error !== 'string') return 'is not what Prometheus answers.';
  return `says: ${answer.error.slice(0, LONGEST_WORDS)}`;
}
