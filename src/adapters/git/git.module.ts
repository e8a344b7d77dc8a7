import { join, resolve } from 'node:path';
import { Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { rulesOf } from '../../domain/outbound/outbound-rules.js';
import { SOURCE_CODE } from '../../ports/source-code.js';
import { GitSourceCode } from './git-source-code.js';

/** Gives {@link SOURCE_CODE}. */
@Module({
  providers: [{ provide: SOURCE_CODE, inject: [Environment], useFactory: sourceCode }],
  exports: [SOURCE_CODE],
})
export class GitModule {}

function sourceCode(environment: Environment): GitSourceCode {
  const { GITHUB_URL: githubUrl, GITHUB_OAUTH_TOKEN: githubToken, GIT_LOCAL_ROOT: localRoot } = environment;
  const outbound = rulesOf(environment.OUTBOUND_ALLOW ?? '');
  return new GitSourceCode(
    { githubUrl, githubToken, localRoot, outbound },
    join(resolve(environment.JOCKEY_DATA_DIR), 'git'),
  );
}
