import { pino } from 'pino';
import { parseEnvironment } from '../config/environment.js';
import { verifyAudit } from './audit/verify-command.js';

/** `audit:verify`, with `--file FILE` and `--expect-head HASH`: whether the audit is as it was written. */
process.exitCode = await verifyAudit({
  args: process.argv.slice(2),
  databaseUrl: () => parseEnvironment(process.env).DATABASE_URL,
  log: pino({ name: 'audit:verify' }),
});
