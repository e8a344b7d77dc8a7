import { Inject, Injectable } from '@nestjs/common';
import { unavailable } from '../../domain/kernel/errors.js';
import { SHA } from '../../domain/kernel/names.js';
import { type ResolvedRef, SOURCE_CODE, type SourceCode } from '../../ports/source-code.js';
import type { AppRow } from '../../store/entities/index.js';
import { Builds } from '../../store/repositories/builds.js';
import { SharedQuestions } from './shared-questions.js';

/** How long a caller waits for the Git server, in milliseconds. */
const PATIENCE = 30_000;

/** Finds out which commit is meant, before anything else is done: a name may move, a commit does not. */
@Injectable()
export class CommitFinder {
  private readonly questions = new SharedQuestions<ResolvedRef>();

  constructor(
    private readonly builds: Builds,
    @Inject(SOURCE_CODE) private readonly source: SourceCode,
  ) {}

  /**
   * What a branch, tag or (shortened) commit id means. One that is built already is known without Git, so
   * that it can be deployed again while the Git server is away. An unknown ref throws `unprocessable_entity`, a server
   * that is silent for 30 seconds `unavailable`.
   */
  async find(app: AppRow, ref: string): Promise<ResolvedRef> {
    const lower = ref.toLowerCase();
    const isSha = SHA.test(lower);
    if (isSha && (await this.builds.isBuilt(app.id, lower))) return { sha: lower, branch: null };
    const question = { repo: app.repo, gitUrl: app.gitUrl, ref: isSha ? lower : ref };
    const answer = this.questions.ask(JSON.stringify(question), () => this.source.resolve(question, question.ref));
    return inTime(answer, `which commit ${ref} is was not said within ${PATIENCE / 1000} s; try again`, app);
  }
}

async function inTime<T>(answer: Promise<T>, cause: string, { repo, gitUrl }: AppRow): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable(`The Git server of ${gitUrl ?? repo}`, cause)), PATIENCE);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
