import { sentenceOf, SetupFailure } from '../machine/failure.js';
import { selectParts, type Surroundings, type TestPart } from './parts.js';
import { runPart, type PartResult } from './run-part.js';
import { installAhead, startSurroundings, type RunningSurroundings } from './surroundings.js';

const INTERRUPTED = 130;

/** `npm test`: part after part, ended by the first that fails; the last line on stdout is `N passed, M failed`. */
export async function main(args: readonly string[]): Promise<void> {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => abort.abort());
  try {
    const parts = selectParts(args);
    const { ok, passed, failed } = await runParts(parts, abort.signal);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    process.exitCode = ok ? 0 : abort.signal.aborted ? INTERRUPTED : 1;
  } catch (error) {
    heading(
      error instanceof SetupFailure || !(error instanceof Error) ? sentenceOf(error) : (error.stack ?? error.message),
    );
    process.exitCode = 1;
  }
}

/** Parts that need the same stand together, so each kind of surroundings is started once. */
async function runParts(parts: readonly TestPart[], abort: AbortSignal): Promise<PartResult> {
  const kinds = [...new Set(parts.map(({ needs }) => needs))];
  const installed = installAhead(kinds);
  let total: PartResult = { ok: true, passed: 0, failed: 0 };
  for (const kind of kinds) {
    if (!total.ok || abort.aborted) break;
    if (kind !== 'nothing') await installed;
    total = add(
      total,
      await runAmong(
        kind,
        parts.filter(({ needs }) => needs === kind),
        abort,
      ),
    );
  }
  return abort.aborted ? { ...total, ok: false } : total;
}

async function runAmong(kind: Surroundings, parts: readonly TestPart[], abort: AbortSignal): Promise<PartResult> {
  if (kind !== 'nothing') heading(SURROUNDINGS_TITLE[kind]);
  const surroundings = await startSurroundings(kind);
  let total: PartResult = { ok: true, passed: 0, failed: 0 };
  try {
    for (const part of parts) {
      if (!total.ok || abort.aborted) break;
      total = add(total, await timed(part, surroundings, abort));
    }
    return total;
  } finally {
    await surroundings.stop();
  }
}

const SURROUNDINGS_TITLE = {
  stores: 'Starting Postgres and Redis',
  cluster: 'Starting two clusters, each three Docker hosts, Consul, a registry, Postgres and Redis',
} as const;

async function timed(part: TestPart, { env }: RunningSurroundings, abort: AbortSignal): Promise<PartResult> {
  heading(`${part.title} (${part.name})`);
  const begun = performance.now();
  const result = await runPart(part, env, abort);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  if (result.ok) heading(`${part.name}: ${seconds} s`);
  else if (!abort.aborted)
    heading(
      `${part.name} FAILED after ${seconds} s; what it says is above. Again, it alone: npm test -- --only=${part.name}`,
    );
  return result;
}

function add(left: PartResult, right: PartResult): PartResult {
  return { ok: left.ok && right.ok, passed: left.passed + right.passed, failed: left.failed + right.failed };
}

function heading(text: string): void {
  process.stderr.write(`\n=== ${text}\n`);
}
