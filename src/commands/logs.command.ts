import { type Api, type Command, CommandFault, said } from './command.js';
import { APP, ENVIRONMENT, inPath, query } from './words-of-jockey.js';

/** So many lines are shown: what a chat shows without folding. */
const LINES = 20;

interface Line {
  readonly timestamp: string;
  readonly message: { readonly text: string };
}

/** `logs APP ENVIRONMENT [DEPLOY]`. */
export const logsCommand: Command = {
  name: 'logs',
  about: `Shows the last ${LINES} lines of the log of a deploy.`,
  parameters: [
    APP,
    ENVIRONMENT,
    { name: 'DEPLOY', about: 'The id of a deploy; the newest when left out.', optional: true },
  ],
  async run({ APP: app, ENVIRONMENT: environment, DEPLOY: wanted }, api) {
    const id = wanted ?? (await newest(api, app, environment));
    const { logs } = await api.call<{ logs: readonly Line[] }>('GET', `/deploys/${inPath(id)}/logs`);
    const lines = logs.slice(-LINES).map(({ timestamp, message }) => `${timestamp.slice(11, 19)} ${message.text}`);
    return said(`Deploy ${id} of ${app} to ${environment}:`, ...(lines.length === 0 ? ['nothing yet'] : lines));
  },
};

async function newest(api: Api, app: string | undefined, environment: string | undefined): Promise<string> {
  const page = query({ app, environment, per_page: '1' });
  const [deploy] = await api.call<readonly { id: string }[]>('GET', `/deploys${page}`);
  if (deploy === undefined) throw new CommandFault(`${app} was never deployed to ${environment}.`);
  return deploy.id;
}
