import { Inject, Injectable } from '@nestjs/common';
import type { DeployOutcome } from '../../domain/deploy/deploy-lifecycle.js';
import { DEFAULT_POLICY } from '../../domain/rollout/rollout-policy.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import type { DeployRow } from '../../store/entities/index.js';
import { DeployProgress } from '../../store/repositories/deploy-progress.js';
import { earlier } from './earlier.js';
import { Mender } from './mender.js';
import type { Look, Outlook } from './pass.js';
import { Prober } from './prober.js';
import { ReleaseCommandRunner } from './release-command.js';

/**
 * Puts back what was there before a deploy that fails or is canceled. What should be is the current deploy again, so
 * this is the reconcile's work; only its end is the deploy's. A revert is never reverted in turn.
 */
@Injectable()
export class RevertDriver {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly progress: DeployProgress,
    private readonly mender: Mender,
    private readonly commands: ReleaseCommandRunner,
    private readonly prober: Prober,
  ) {}

  /** One look; the deploy ends when the work is proven undone. */
  async look(look: Look, deploy: DeployRow): Promise<Outlook> {
    await this.prober.end(deploy.id);
    if (deploy.releaseCommand !== null) {
      const answer = await this.commands.takeBack(look, deploy);
      if (answer.kind === 'wait') return answer;
    }
    const { again, converged, dueAt, lookAgainAt, problem } = await this.mender.mend(look);
    if (again) return { kind: 'again' };
    const deadline = deadlineOf(look, deploy);
    if (converged) return this.end(look, deploy, { outcome: deploy.outcome ?? 'reverted', because: null });
    if (this.clock.now() < deadline) return { kind: 'wait', until: earlier(earlier(dueAt, lookAgainAt), deadline) };
    return this.end(look, deploy, {
      outcome: 'revert_incomplete',
      because: problem ?? 'not every instance is healthy again',
    });
  }

  private async end({ story, flights }: Look, deploy: DeployRow, { outcome, because }: End): Promise<Outlook> {
    await flights.land();
    const first = deploy.failureReason ?? 'an instance failed';
    const reason = because === null ? first : `${first}; what was there could not be put back in time: ${because}`;
    if (await this.progress.fail(deploy, { outcome, reason })) await story.tell(`failed: ${reason}`, 'error');
    return { kind: 'again' };
  }
}

interface End {
  readonly outcome: DeployOutcome;
  readonly because: string | null;
}

/** As long as the slowest of the workers that are put back may take to come forward. */
function deadlineOf({ state }: Look, { failingAt }: DeployRow): number {
  const specs = state.current?.workers ?? [];
  const seconds = specs.map(({ policy }) => policy.progressDeadlineSeconds);
  const longest = seconds.length === 0 ? DEFAULT_POLICY.progressDeadlineSeconds : Math.max(...seconds);
  return (failingAt?.getTime() ?? 0) + longest * 1000;
}
