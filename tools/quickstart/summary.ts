import { ENV_FILE } from '../jockey/env-file.js';
import type { RunningJockey } from '../jockey/start-jockey.js';
import type { DeployedSample } from './deploy-sample.js';

/** What to look at and what to try next. */
export function summary({ url }: RunningJockey, { deployId, workerId, pageUrl, page }: DeployedSample): string {
  const header = '-H "Authorization: Bearer $JOCKEY_OAUTH_TOKEN"';
  return `
The sample is deployed. ${pageUrl} serves:

${page.replace(/^/gm, '    ')}

Jockey's API   ${url}
Swagger UI     ${url}/docs

Try next, in another shell:

  . ${ENV_FILE}
  # deploy another version
  curl -s -X POST $JOCKEY_URL/deploys ${header} -d app=sample -d environment=development -d rref=v2
  # scale
  curl -s -X PUT $JOCKEY_URL/workers/${workerId} ${header} -d scale=3
  # read the log of the deploy
  curl -s $JOCKEY_URL/deploys/${deployId}/logs ${header}

It stays up until Ctrl-C, which takes everything down that it has started.
`;
}
