import { type Command, said } from './command.js';
import { APP, ENVIRONMENT, shortSha } from './words-of-jockey.js';

interface Deploy {
  readonly id: string;
  readonly rref: string;
  readonly queued: boolean;
  readonly position: number | null;
}

/** `deploy APP ENVIRONMENT [REF]`. */
export const deployCommand: Command = {
  name: 'deploy',
  about: 'Deploys a branch, a tag or a commit.',
  parameters: [
    APP,
    ENVIRONMENT,
    { name: 'REF', about: 'A branch, a tag or a commit; HEAD when left out.', optional: true },
  ],
  async run({ APP: app, ENVIRONMENT: environment, REF: rref = 'HEAD' }, api) {
    const deploy = await api.call<Deploy>('POST', '/deploys', { app, environment, rref, queue: true });
    const turn = deploy.queued ? ` It waits for its turn, at place ${deploy.position ?? 1}.` : '';
    const text = `Deploy ${deploy.id}: ${shortSha(deploy.rref)} of ${app} to ${environment}.${turn}`;
    return { ...said(text), deploy: deploy.id };
  },
};

/** `cancel DEPLOY`. */
export const cancelCommand: Command = {
  name: 'cancel',
  about: 'Takes back a deploy that waits or is in progress.',
  parameters: [{ name: 'DEPLOY', about: 'The id of a deploy.' }],
  async run({ DEPLOY: id = '' }, api) {
    const deploy = await api.call<{ id: string }>('POST', `/deploys/${encodeURIComponent(id)}/cancel`);
    return { ...said(`Deploy ${deploy.id} is being canceled; what ran before stays.`), deploy: deploy.id };
  },
};
