import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folder of the ledgers, one for all checkouts on this machine: two runs of a kind must see each other. */
export function runFolder(): string {
  const uid = process.getuid?.() ?? 0;
  return uid === 0 ? '/run/jockey' : join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), `jockey-${uid}`);
}
