import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { DAY, type RetentionPolicy } from '../domain/retention/retention-policy.js';
import type { RetentionSnapshot } from '../domain/retention/retention-snapshot.js';
import { CLOCK, type Clock } from '../ports/clock.js';
import { OldLogs } from '../store/repositories/old-logs.js';
import { RetentionReads } from '../store/repositories/retention-reads.js';
import { HostStocks, type KnownHost } from './host-stocks.js';
import { retentionPolicyOf } from './retention-policy-of.js';
import { StoredImages } from './stored-images.js';

/** All that a clean-up is decided by, and what it could not look at. */
export interface RetentionSurveyed {
  readonly snapshot: RetentionSnapshot;
  /** Logs of what ended before may go; null where logs are kept for ever. */
  readonly logsBefore: Date | null;
  readonly hosts: ReadonlyMap<string, KnownHost>;
  readonly troubles: readonly string[];
}

/** Looks at everything that builds left behind, for the engine that removes and for the API that previews. */
@Injectable()
export class RetentionSurvey {
  readonly policy: RetentionPolicy;

  constructor(
    private readonly reads: RetentionReads,
    private readonly stored: StoredImages,
    private readonly stocks: HostStocks,
    private readonly oldLogs: OldLogs,
    @Inject(CLOCK) private readonly clock: Clock,
    readonly environment: Environment,
  ) {
    this.policy = retentionPolicyOf(environment);
  }

  /** What is not to be removed at all is not looked at. */
  async take(): Promise<RetentionSurveyed> {
    const facts = await this.reads.facts(this.environment.REGISTRY_ADDRESS);
    const seen = this.policy.imageDays === null ? { stored: [], troubles: [] } : await this.stored.look(facts.builds);
    const { hosts, known, troubles } = await this.stocks.look(this.policy);
    const now = this.clock.now();
    const { logDays } = this.policy;
    return {
      snapshot: { now, policy: this.policy, ...facts, stored: seen.stored, hosts },
      logsBefore: logDays === null ? null : new Date(now - logDays * DAY),
      hosts: known,
      troubles: [...seen.troubles, ...troubles],
    };
  }

  /** How many logs may go. */
  async countLogs({ logsBefore }: Pick<RetentionSurveyed, 'logsBefore'>): Promise<number> {
    return logsBefore === null ? 0 : this.oldLogs.count(logsBefore);
  }
}
