import { join } from 'node:path';
import { scratchFolder } from '../machine/project.js';
import { runFolder } from '../machine/run-folder.js';

/** Where a quickstart keeps its data, which goes with it, and its logs, which stay until the next one. */
export interface QuickstartFolders {
  readonly folder: string;
  readonly logs: string;
}

export const FOLDERS: QuickstartFolders = {
  folder: scratchFolder('quickstart', 'state'),
  logs: scratchFolder('quickstart', 'log'),
};

/** Path of the quickstart's ledger: one for the machine, as it uses the machine's own Docker. */
export const LEDGER = join(runFolder(), 'quickstart.json');
