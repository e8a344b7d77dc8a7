import { Inject, Injectable } from '@nestjs/common';
import { sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { Mask } from '../../domain/log/line-mask.js';
import type { OutputLine } from '../../domain/log/output-line.js';
import type { OutputMark, OutputPosition } from '../../domain/log/output-position.js';
import { CONTAINER_LOGS, type ContainerLogs } from '../../ports/container-logs.js';
import { Redactors, WITHHELD } from '../../store/redactors.js';
import { MOST_LINES } from '../logs/log.dto.js';
import type { UnreadInstanceDto } from './app-log.dto.js';
import { byTime, Printed, type SaidLine } from './printed.js';
import type { Printers, PrintingInstance } from './printing-instances.js';

/** Which lines of all instances are read. */
export interface LinesRead {
  /** Behind this position. */
  readonly after: OutputPosition;
  /** From then on, of instances that the position does not name; null for all. */
  readonly since: bigint | null;
  /** The last of all together. */
  readonly tail: number;
}

/** What was read. */
export interface OutputRead {
  readonly lines: readonly SaidLine[];
  readonly missing: readonly UnreadInstanceDto[];
  readonly position: OutputPosition;
}

/** Reads what instances have printed so far. */
@Injectable()
export class OutputReader {
  constructor(
    @Inject(CONTAINER_LOGS) private readonly logs: ContainerLogs,
    private readonly redactors: Redactors,
  ) {}

  /** The lines of all instances side by side. One whose host does not answer is told as missing. */
  async read(printers: Printers, instances: readonly PrintingInstance[], wanted: LinesRead): Promise<OutputRead> {
    const mask = await this.maskOf(printers);
    const missing: UnreadInstanceDto[] = [];
    const marks = new Map<string, OutputMark>(wanted.after);
    const lists = instances.map(async (instance) => {
      const printed = new Printed(instance, startOf(instance, wanted));
      try {
        const lines = await this.linesOf(printed, wanted.tail);
        const mark = lines.at(-1)?.mark ?? startOf(instance, wanted);
        if (mark !== null) marks.set(instance.id, mark);
        return [...printed.masked(lines, mask), ...printed.maskedEnd(mask)];
      } catch (error) {
        missing.push(missingOf(instance, sentenceOf(error)));
        return [];
      }
    });
    const lines = byTime((await Promise.all(lists)).flat());
    const there = new Set(instances.map(({ id }) => id));
    const position = new Map([...marks].filter(([id]) => there.has(id)));
    return { lines: lines.slice(Math.max(0, lines.length - wanted.tail)), missing, position };
  }

  /** What an instance prints from where it was read up to, until its container ends. */
  follow(printed: Printed, signal: AbortSignal): AsyncIterable<readonly OutputLine[]> {
    const { container, at, host } = printed.of;
    if (at === null) throw unknownHost(host);
    return this.logs.follow(at, container, { since: printed.begin(), signal });
  }

  /** Takes the secrets of a place out of what is printed there, as its Config Set is now. */
  async maskOf(printers: Printers): Promise<Mask> {
    const redactor = await this.redactors.of(printers);
    const text = (said: string) => redactor.quote(said);
    const isWithheld = text('-') === WITHHELD;
    return { text, head: (said) => (isWithheld ? { said: WITHHELD, rest: '' } : redactor.head(said)) };
  }

  private async linesOf(printed: Printed, tail: number): Promise<SaidLine[]> {
    const { at, container, host } = printed.of;
    if (at === null) throw unknownHost(host);
    const since = printed.begin();
    const lines = await this.logs.read(at, container, { since, tail: since === null ? tail : MOST_LINES });
    return [...printed.take(lines ?? []), ...printed.rest()];
  }
}

function startOf({ id }: PrintingInstance, { after, since }: LinesRead): OutputMark | null {
  return after.get(id) ?? (since === null ? null : { at: since, count: 0 });
}

function missingOf({ id, worker, slot, host }: PrintingInstance, because: string): UnreadInstanceDto {
  return { instance: id, worker, slot, host, because };
}

const unknownHost = (host: string) => unavailable(`host ${host}`, 'Consul does not know it any more');
