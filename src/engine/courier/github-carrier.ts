import { Injectable } from '@nestjs/common';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { arrived, type CarryResult } from '../../domain/delivery/carry-result.js';
import type { AppRow, EventRow } from '../../store/entities/index.js';
import type { LogLevel } from '../../domain/log/log-line.js';
import { LogBook } from '../../store/log-book.js';
import type { GithubKey } from '../../store/repositories/fan-to-github.js';
import { GithubFacts } from '../github/github-facts.js';
import { GithubReporter } from '../github/github-reporter.js';
import type { Carrier, Parcel } from './carrier.js';

/** What is told, in words. */
const WORDS: Readonly<Record<GithubKey, string>> = {
  status: 'the commit status',
  deployment: 'the deployment',
  tag: "the environment's tag",
};

/**
 * Tells GitHub of builds and deploys. What it cannot tell is tried again by the courier, stands in the log of the build or
 * the deploy, and changes nothing of them.
 */
@Injectable()
export class GithubCarrier implements Carrier {
  readonly channel = 'github';

  constructor(
    private readonly facts: GithubFacts,
    private readonly reporter: GithubReporter,
    private readonly logBook: LogBook,
  ) {}

  async carry({ delivery, event }: Parcel): Promise<CarryResult> {
    const app = await this.facts.appOf(event);
    if (app === null) return arrived(null, 'GitHub is no longer told of this app.');
    if (!this.facts.hasToken) return arrived(null, 'Nothing was told: GITHUB_OAUTH_TOKEN is not set.');
    const key = delivery.key as GithubKey;
    try {
      await this.tell(key, app, event);
    } catch (error) {
      if (delivery.failedAttempts === 0)
        await this.note(event, 'warn', `GitHub was not told ${WORDS[key]}: ${sentenceOf(error)}`);
      throw error;
    }
    if (delivery.failedAttempts > 0) await this.note(event, 'info', `GitHub was told ${WORDS[key]} at last`);
    return arrived();
  }

  private async tell(key: GithubKey, app: AppRow, { subject, subjectId }: EventRow): Promise<void> {
    if (subject === 'build') return this.reporter.markBuild(app, subjectId);
    if (key === 'status') return this.reporter.markDeploy(app, subjectId);
    if (key === 'deployment') return this.reporter.report(app, subjectId);
    return this.reporter.moveTag(app, subjectId);
  }

  private async note({ subject, subjectId: id }: EventRow, level: LogLevel, text: string): Promise<void> {
    const of = { subject: subject === 'build' ? ('build' as const) : ('deploy' as const), id };
    await this.logBook.append(of, [{ logger: 'github', level, text }]);
  }
}
