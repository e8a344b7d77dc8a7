import { type Command, said } from './command.js';
import { APP, ENVIRONMENT, inPath, query } from './words-of-jockey.js';

/** `lock APP ENVIRONMENT REASON…`. */
export const lockCommand: Command = {
  name: 'lock',
  about: 'Keeps automatic deploys out, and says why to everyone who asks.',
  parameters: [APP, ENVIRONMENT, { name: 'REASON', about: 'Why, in one line.', rest: true }],
  async run({ APP: app, ENVIRONMENT: environment, REASON: reason }, api) {
    await api.call('POST', `/apps/${inPath(app)}/hold`, { environment, reason });
    return said(`${app} in ${environment} is locked for automatic deploys: ${reason}`);
  },
};

/** `unlock APP ENVIRONMENT`. */
export const unlockCommand: Command = {
  name: 'unlock',
  about: 'Lets automatic deploys in again.',
  parameters: [APP, ENVIRONMENT],
  async run({ APP: app, ENVIRONMENT: environment }, api) {
    await api.call('DELETE', `/apps/${inPath(app)}/hold${query({ environment })}`);
    return said(`${app} in ${environment} takes automatic deploys again.`);
  },
};
