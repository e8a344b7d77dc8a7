import type { Host } from '../../src/domain/host/host.js';
import { unavailable } from '../../src/domain/kernel/errors.js';
import type { OutputLine } from '../../src/domain/log/output-line.js';
import type { ContainerLogs, LinesFollowed, LinesWanted } from '../../src/ports/container-logs.js';

/** A container that prints what a test says. */
class Printer {
  readonly lines: OutputLine[] = [];
  ended = false;
  private readonly waiting = new Set<() => void>();

  add(...lines: readonly OutputLine[]): void {
    this.lines.push(...lines);
    this.wake();
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  async change(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.waiting.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** Containers in memory, `HOST/NAME`, that print what a test says. */
export class FakeContainerLogs implements ContainerLogs {
  /** Names of hosts that refuse connections, and drop those that they have. */
  readonly silent = new Set<string>();
  private readonly printers = new Map<string, Printer>();

  /** Has a container print lines; the first line makes it. */
  print(host: string, name: string, ...lines: readonly OutputLine[]): void {
    this.of(host, name).add(...lines);
  }

  /** Ends a container; what it printed stays. */
  end(host: string, name: string): void {
    this.of(host, name).end();
  }

  /** Cuts a host off, or brings it back. */
  silence(host: string, silent: boolean): void {
    if (silent) this.silent.add(host);
    else this.silent.delete(host);
    for (const printer of this.printers.values()) printer.wake();
  }

  async read(host: Host, name: string, { since, tail }: LinesWanted): Promise<readonly OutputLine[] | null> {
    this.reach(host);
    const found = this.printers.get(`${host.name}/${name}`);
    return found === undefined ? null : tail === 0 ? [] : from(found.lines, since).slice(-tail);
  }

  async *follow(host: Host, name: string, { since, signal }: LinesFollowed): AsyncGenerator<readonly OutputLine[]> {
    this.reach(host);
    const found = this.printers.get(`${host.name}/${name}`);
    for (let at = 0; found !== undefined && !signal.aborted;) {
      this.reach(host);
      const lines = from(found.lines.slice(at), since);
      at = found.lines.length;
      if (lines.length > 0) yield lines;
      else if (found.ended) return;
      else await found.change(signal);
    }
  }

  private of(host: string, name: string): Printer {
    const key = `${host}/${name}`;
    const printer = this.printers.get(key) ?? new Printer();
    this.printers.set(key, printer);
    return printer;
  }

  private reach({ name }: Host): void {
    if (this.silent.has(name)) throw unavailable(`host ${name}`, 'connect ECONNREFUSED');
  }
}

function from(lines: readonly OutputLine[], since: bigint | null): OutputLine[] {
  return lines.filter(({ at }) => since === null || at >= since);
}
