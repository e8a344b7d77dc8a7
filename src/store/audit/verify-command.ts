import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { dataSourceOptions } from '../data-source.js';
import { AuditEntries } from './audit-entries.js';
import type { ChainedEntry } from './chain.js';
import { type ChainReport, verifyChain } from './verify-chain.js';

/** What the command runs with. */
export interface VerifyCommand {
  readonly args: readonly string[];
  /** Asked for only where no file is given. */
  readonly databaseUrl: () => string;
  readonly log: Logger;
}

/**
 * Goes through the audit in Postgres, or with `--file` through one that was exported, and says how many entries there
 * are and the hash of the last. With `--expect-head HASH` that hash has to be among them. Answers the exit code: 1 at
 * the first entry that is not as it was written.
 */
export async function verifyAudit({ args, databaseUrl, log }: VerifyCommand): Promise<0 | 1> {
  const options = { file: { type: 'string' }, 'expect-head': { type: 'string' } } as const;
  const { file, 'expect-head': expectedHead } = parseArgs({ args: [...args], options }).values;
  try {
    const report = file === undefined ? inPostgres(databaseUrl(), expectedHead) : inFile(file, expectedHead);
    return told(await report, log);
  } catch (error) {
    log.error(`the audit cannot be read: ${sentenceOf(error)}`);
    return 1;
  }
}

function told({ count, first, head, fault }: ChainReport, log: Logger): 0 | 1 {
  const found = { count, first, last: head?.id ?? null, head: head?.hash ?? null };
  if (fault === null) log.info(found, 'the audit is whole');
  else log.error({ ...found, entry: fault.id, reason: fault.reason }, 'the audit was changed');
  return fault === null ? 0 : 1;
}

/** The head is read first: what is added meanwhile continues it, and is not asked for. */
async function inPostgres(url: string, expectedHead: string | undefined): Promise<ChainReport> {
  const dataSource = await new DataSource({ ...dataSourceOptions(url), migrations: [] }).initialize();
  try {
    const entries = new AuditEntries(dataSource);
    const recordedHead = await entries.recordedHead();
    return await verifyChain(entries.from('1', recordedHead?.id), { whole: true, expectedHead, recordedHead });
  } finally {
    await dataSource.destroy();
  }
}

/** An export may begin where an earlier one ended. */
function inFile(file: string, expectedHead: string | undefined): Promise<ChainReport> {
  return verifyChain(linesOf(file), { whole: false, expectedHead });
}

async function* linesOf(file: string): AsyncGenerator<ChainedEntry> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity }))
    if (line !== '') yield JSON.parse(line) as ChainedEntry;
}
