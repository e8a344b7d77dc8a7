import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { type OutputMark, positionText } from '../../domain/log/output-position.js';
import type { EventStream } from '../logs/event-stream.js';
import type { AppLogQueryDto } from './app-log.dto.js';
import { changeEvent, eventOf } from './app-log-views.js';
import { FollowedInstance } from './followed-instance.js';
import type { LinesRead, OutputReader } from './output-reader.js';
import { byTime, type SaidLine } from './printed.js';
import type { Printers, PrintingInstance, PrintingInstances } from './printing-instances.js';

/** How often it is looked which instances there are, in milliseconds. */
const LOOK = 1_000;

/** Lines are gathered for so long, in milliseconds, so that those of several hosts can be put into their order. */
const GATHER = 200;

/** A follower has to come again after so long, in milliseconds: then his rights are looked at anew. */
const LONGEST = 600_000;

/** What a follower is answered with. */
interface Following {
  readonly instances: PrintingInstances;
  readonly reader: OutputReader;
  readonly printers: Printers;
  readonly query: AppLogQueryDto;
  readonly stream: EventStream;
}

/** Where a follower begins, and what ends it beside its own leaving. */
export interface FollowBegin {
  readonly first: readonly PrintingInstance[];
  readonly wanted: LinesRead;
  readonly stopping: AbortSignal;
}

/**
 * One follower of what the instances of an app print. Each instance is read on its own; what they say is gathered and
 * sent in the order of its time. One that comes is followed from its first line, one that goes to its last.
 */
export class AppLogFollow {
  private readonly followed = new Map<string, FollowedInstance>();
  private readonly marks = new Map<string, OutputMark>();
  private readonly closing = new AbortController();
  private readonly signal: AbortSignal;

  constructor(private readonly following: Following) {
    this.signal = AbortSignal.any([following.stream.signal, this.closing.signal, AbortSignal.timeout(LONGEST)]);
  }

  /** Resolves when the follower has left, when Jockey stops, or when the one instance that was asked for is gone. */
  async run({ first, wanted, stopping }: FollowBegin): Promise<void> {
    const stop = () => this.closing.abort();
    stopping.addEventListener('abort', stop);
    if (stopping.aborted) stop();
    try {
      await this.begin(first, wanted);
      await Promise.all([this.look(), this.write()]);
    } finally {
      this.closing.abort();
      stopping.removeEventListener('abort', stop);
      this.following.stream.end();
    }
  }

  private async begin(first: readonly PrintingInstance[], wanted: LinesRead): Promise<void> {
    const { reader, printers } = this.following;
    const { lines, position } = await reader.read(printers, first, wanted);
    for (const [id, mark] of position) this.marks.set(id, mark);
    for (const { of, at } of [...lines].reverse()) this.marks.set(of.id, { at, count: 0 });
    await this.join(first, position);
    await this.send(lines);
  }

  private async join(instances: readonly PrintingInstance[], marks: ReadonlyMap<string, OutputMark>): Promise<void> {
    const { reader, stream } = this.following;
    for (const instance of instances) {
      const followed = new FollowedInstance(instance, marks.get(instance.id) ?? null, reader);
      this.followed.set(instance.id, followed);
      await stream.write(changeEvent(instance, 'joined'));
      void followed.run(this.signal);
    }
  }

  /** Looks who has come and who has gone, until the end. A database or a Consul that is away is asked again. */
  private async look(): Promise<void> {
    const { instances, printers } = this.following;
    while (await this.pause(LOOK)) {
      const now = await instances.find(printers).catch(() => null);
      if (now === null || this.signal.aborted) continue;
      for (const instance of now) this.followed.get(instance.id)?.isStill(instance);
      await this.join(
        now.filter(({ id }) => !this.followed.has(id)),
        new Map(),
      );
      const there = new Set(now.map(({ id }) => id));
      for (const followed of this.followed.values()) if (!there.has(followed.of.id)) followed.isGone();
      await this.endWhenGone();
    }
  }

  /** Only who asked for one instance has heard all when it is gone; of a worker there may be another one tomorrow. */
  private async endWhenGone(): Promise<void> {
    const { instances, printers, stream } = this.following;
    if (printers.query.instance === undefined || this.followed.size > 0) return;
    if (!(await instances.areGone(printers).catch(() => false))) return;
    await stream.write('event: end\ndata: {}\n\n');
    this.closing.abort();
  }

  private async write(): Promise<void> {
    while (await this.pause(GATHER)) {
      const all = [...this.followed.values()];
      for (const each of all) for (const because of each.takeSilences()) await this.tell(each, because);
      await this.sendTaken(all);
      for (const each of all.filter(({ isOver }) => isOver)) await this.leave(each);
    }
  }

  private async sendTaken(all: readonly FollowedInstance[]): Promise<void> {
    const taken = all.map((each) => ({ each, lines: each.takeLines(), isOver: each.isOver }));
    if (taken.every(({ lines, isOver }) => lines.length === 0 && !isOver)) return;
    const mask = await this.following.reader.maskOf(this.following.printers);
    const lines = taken.flatMap(({ each, lines: said, isOver }) => [
      ...each.printed.masked(said, mask),
      ...(isOver ? each.printed.maskedEnd(mask) : []),
    ]);
    await this.send(byTime(lines));
  }

  private async send(lines: readonly SaidLine[]): Promise<void> {
    const { stream, query } = this.following;
    const events = lines.map((line) => {
      this.marks.set(line.of.id, line.mark);
      return eventOf(line, positionText(this.marks), query.ansi);
    });
    if (events.length > 0) await stream.write(events.join(''));
  }

  private async leave({ of }: FollowedInstance): Promise<void> {
    this.followed.delete(of.id);
    this.marks.delete(of.id);
    await this.following.stream.write(changeEvent(of, 'left'));
  }

  private tell({ of }: FollowedInstance, error: unknown): Promise<void> {
    return this.following.stream.write(changeEvent(of, 'silent', sentenceOf(error)));
  }

  /** False when it is over. */
  private async pause(milliseconds: number): Promise<boolean> {
    await sleep(milliseconds, undefined, { signal: this.signal }).catch(() => undefined);
    return !this.signal.aborted;
  }
}
