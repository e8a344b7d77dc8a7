import { type Command, CommandFault, said } from './command.js';
import { APP, ENVIRONMENT } from './words-of-jockey.js';

/** What is read of the answer. */
interface Rescaled {
  /** Of one that scales itself: that the scale may not stay. */
  readonly scaling_notice: string | null;
}

/** `scale APP ENVIRONMENT WORKER=COUNT`. */
export const scaleCommand: Command = {
  name: 'scale',
  about: 'Says how many instances a worker has.',
  parameters: [APP, ENVIRONMENT, { name: 'WORKER=COUNT', about: 'The name of a worker and a number, such as web=3.' }],
  async run({ APP: app, ENVIRONMENT: environment, 'WORKER=COUNT': wanted = '' }, api) {
    const [, name, count] = /^([a-zA-Z][\w-]*)=(\d{1,9})$/.exec(wanted) ?? [];
    if (name === undefined)
      throw new CommandFault(`"${wanted.slice(0, 80)}" should be the name of a worker and a number, such as web=3.`);
    const body = { app, environment, name, scale: Number(count) };
    const worker = await api.call<Rescaled>('PUT', '/workers/rescale', body);
    const done = `${name} of ${app} in ${environment} is scaled to ${Number(count)}.`;
    return said(worker.scaling_notice === null ? done : `${done} ${worker.scaling_notice}`);
  },
};
