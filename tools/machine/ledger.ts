import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ProcessRecord } from './processes.js';

/** A process of the run, its name, and how many seconds it gets to end by itself. */
export interface NamedProcess extends ProcessRecord {
  readonly name: string;
  readonly grace: number;
}

/** All that a run has made on this machine: enough to take it away again without knowing anything else. */
export interface Entries {
  readonly processes: readonly NamedProcess[];
  /** Control group that the containers of the run live below, without a slash before it. */
  readonly cgroup?: string;
  readonly namespaces: readonly string[];
  readonly links: readonly string[];
  /** Rules of iptables: the arguments after `-I` or `-D`. */
  readonly rules: readonly (readonly string[])[];
  /** Policy that the FORWARD chain had before our Docker engine in the machine's own network; it changes that. */
  readonly forwardPolicy?: string;
  /** A Docker engine that is not ours, with the registry whose images we have run there. */
  readonly guestDocker?: { readonly endpoint: string; readonly registry: string };
  /** A Consul that is not ours, with the ids of the services that it had before us. */
  readonly guestConsul?: { readonly url: string; readonly before: readonly string[] };
  readonly directories: readonly string[];
  /** Folder of a cluster, where the file that describes it is. */
  readonly clusterFolder?: string;
}

/** Who holds a ledger, and since when. An owner of `null` means: it stays up until it is taken down by a command. */
export interface Holder {
  readonly command: string;
  readonly folder: string;
  readonly since: string;
  readonly owner: ProcessRecord | null;
  readonly reaper: ProcessRecord | null;
}

/** The whole content of a ledger file. */
export type LedgerContent = Holder & Entries;

const NOTHING: Entries = { processes: [], namespaces: [], links: [], rules: [], directories: [] };

/**
 * The file in which a run writes what it is about to make, before it makes it. Whoever reads it, the run itself, the
 * reaper beside it or a later run, can take everything down and knows that it touches nothing else.
 */
export class Ledger {
  constructor(readonly path: string) {}

  /** Creates the file; answers false if another run's is there. */
  create(holder: Holder, cgroup?: string): boolean {
    mkdirSync(dirname(this.path), { recursive: true });
    try {
      const content = JSON.stringify({ ...holder, ...NOTHING, cgroup }, null, 2);
      writeFileSync(this.path, content, { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  /** What is written; `undefined` when there is no such run. */
  read(): LedgerContent | undefined {
    try {
      return JSON.parse(readFileSync(this.path, 'utf8')) as LedgerContent;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Writes changed entries over the old ones, all or nothing. */
  write(change: Partial<LedgerContent>): void {
    const content = this.read();
    if (content === undefined) throw new Error(`${this.path} is gone: the run has been taken down`);
    const next = `${this.path}.next`;
    writeFileSync(next, JSON.stringify({ ...content, ...change }, null, 2), { mode: 0o600 });
    renameSync(next, this.path);
  }

  /** Enters things that are about to be made. */
  add(things: Partial<Pick<Entries, 'namespaces' | 'links' | 'rules' | 'directories'>>): void {
    const { namespaces, links, rules, directories } = this.read() ?? NOTHING;
    this.write({
      namespaces: [...namespaces, ...(things.namespaces ?? [])],
      links: [...links, ...(things.links ?? [])],
      rules: [...rules, ...(things.rules ?? [])],
      directories: [...directories, ...(things.directories ?? [])],
    });
  }

  /** Enters a process. */
  addProcess(process: NamedProcess): void {
    this.write({ processes: [...this.processes(), process] });
  }

  /** The processes that were started, the ended ones too. */
  processes(): readonly NamedProcess[] {
    return this.read()?.processes ?? [];
  }

  /** Ends the run's entry in the books. */
  remove(): void {
    rmSync(this.path, { force: true });
  }
}
