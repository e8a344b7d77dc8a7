import { type Command, CommandFault, said } from './command.js';
import { APP, ENVIRONMENT } from './words-of-jockey.js';

/** `scale APP ENVIRONMENT WORKER=COUNT`. */
export const scaleCommand: Command = {
  name: 'scale',
  about: 'Says how many instances a worker has.',
  parameters: [APP, ENVIRONMENT, { name: 'WORKER=COUNT', about: 'The name of a worker and a number, such as web=3.' }],
  async run({ APP: app, ENVIRONMENT: environment, 'WORKER=COUNT': wanted = '' }, api) {
    const [, name, count] = /^([a-zA-Z][\w-]*)=(\d{1,9})$/.exec(wanted) ?? [];
    if (name === undefined)
      throw new CommandFault(`"${wanted.slice(0, 80)}" should be the name of a worker and a number, such as web=3.`);
    await api.call('PUT', '/workers/rescale', { app, environment, name, scale: Number(count) });
    return said(`${name} of ${app} in ${environment} is scaled to ${Number(count)}.`);
  },
};
