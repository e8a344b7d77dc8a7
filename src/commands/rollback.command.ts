import { type Command, said } from './command.js';
import { APP, ENVIRONMENT, inPath, shortSha } from './words-of-jockey.js';

interface Rollback {
  readonly id: string;
  readonly rref: string;
  readonly from_release: string | null;
}

/** `rollback APP ENVIRONMENT [RELEASE]`. */
export const rollbackCommand: Command = {
  name: 'rollback',
  about: 'Brings back an earlier release, exactly, and locks the environment for automatic deploys.',
  parameters: [
    APP,
    ENVIRONMENT,
    { name: 'RELEASE', about: 'v41, a commit, or previous, which it is when left out.', optional: true },
  ],
  async run({ APP: app, ENVIRONMENT: environment, RELEASE: to = 'previous' }, api) {
    const body = { environment, to };
    const deploy = await api.call<Rollback>('POST', `/apps/${inPath(app)}/rollback`, body);
    const text =
      `Deploy ${deploy.id}: ${app} in ${environment} goes back to ${deploy.from_release ?? to} (${shortSha(deploy.rref)}). ` +
      `Automatic deploys are locked out until: unlock ${app} ${environment}`;
    return { ...said(text), deploy: deploy.id };
  },
};
