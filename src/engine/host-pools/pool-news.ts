import { Injectable } from '@nestjs/common';
import type { PoolHostSight, PoolSight } from '../../domain/host-pool/pool-sight.js';
import type { Trigger } from '../../ports/work-queue.js';
import { Hosts } from '../../store/repositories/hosts.js';

/** Has the apps looked at that a change of a pool's hosts concerns: those on a host that leaves, stays after all, or is gone. */
@Injectable()
export class PoolNews {
  private receive: (trigger: Trigger) => void = () => undefined;
  /** How hosts stood that were told of, by name: an engine that begins tells all once more. */
  private readonly told = new Map<string, string>();

  constructor(private readonly hosts: Hosts) {}

  /** Begins; what is to be looked at is handed to `receive`. */
  start(receive: (trigger: Trigger) => void): void {
    this.receive = receive;
  }

  /** Tells of what is new in a sight. */
  async tell({ stack, environment, hosts }: PoolSight): Promise<void> {
    for (const each of hosts) {
      const name = each.name ?? each.record?.host ?? null;
      if (name === null || !this.isNews(name, each)) continue;
      for (const key of await this.hosts.concerned(name, [{ stack, environment }]))
        this.receive({ kind: 'app_environment', ...key });
    }
  }

  private isNews(name: string, each: PoolHostSight): boolean {
    const standing = standingOf(each);
    const before = this.told.get(name) ?? 'serves';
    if (each.state === 'gone') this.told.delete(name);
    else this.told.set(name, standing);
    return before !== standing;
  }
}

function standingOf({ state, load, takes }: PoolHostSight): string {
  if (state === 'gone') return 'gone';
  if (load.draining) return 'leaves';
  return takes ? 'serves' : 'rests';
}
