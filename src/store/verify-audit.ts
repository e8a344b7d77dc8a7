import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { parseEnvironment } from '../config/environment.js';
import { AuditEntries } from './audit/audit-entries.js';
import type { ChainedEntry } from './audit/chain.js';
import { type ChainReport, verifyChain } from './audit/verify-chain.js';
import { openDataSource } from './data-source.js';

/**
 * `audit:verify`: goes through the audit in Postgres, or with `--file` through one that was exported, and says how many
 * entries there are and the hash of the last. With `--expect-head HASH` that hash has to be among them. Exits with 1 at
 * the first entry that is not as it was written.
 */
async function main(): Promise<void> {
  const log = pino({ name: 'audit:verify' });
  const { values } = parseArgs({ options: { file: { type: 'string' }, 'expect-head': { type: 'string' } } });
  const expectedHead = values['expect-head'];
  const { count, first, head, fault } =
    values.file === undefined ? await inPostgres(expectedHead) : await inFile(values.file, expectedHead);
  const found = { count, first, head: head?.hash ?? null, last: head?.id ?? null };
  if (fault === null) return log.info(found, 'the audit is whole');
  log.error({ ...found, entry: fault.id, reason: fault.reason }, 'the audit was changed');
  process.exitCode = 1;
}

/** The head is read first: what is added meanwhile continues it, and is not asked for. */
async function inPostgres(expectedHead: string | undefined): Promise<ChainReport> {
  const dataSource = await openDataSource(parseEnvironment(process.env).DATABASE_URL);
  try {
    const entries = new AuditEntries(dataSource);
    const recordedHead = await entries.recordedHead();
    const upTo = recordedHead?.id ?? '0';
    return await verifyChain(entries.from('1', upTo), { whole: true, expectedHead, recordedHead });
  } finally {
    await dataSource.destroy();
  }
}

/** An export may begin where an earlier one ended. */
async function inFile(file: string, expectedHead: string | undefined): Promise<ChainReport> {
  return verifyChain(linesOf(file), { whole: false, expectedHead });
}

async function* linesOf(file: string): AsyncGenerator<ChainedEntry> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity }))
    if (line !== '') yield JSON.parse(line) as ChainedEntry;
}

await main();
