import { type Command, said } from './command.js';
import { APP, ENVIRONMENT, inPath, query, shortSha } from './words-of-jockey.js';

/** So many are shown: what a chat shows without folding. */
const MOST = '10';

interface Release {
  readonly number: string;
  readonly rref: string;
  readonly kind: string;
  readonly from: string | null;
  readonly current: boolean;
  readonly created_at: string;
}

interface Build {
  readonly id: string;
  readonly ref: string;
  readonly rref: string | null;
  readonly state: string;
  readonly failure_reason: string | null;
}

/** `releases APP ENVIRONMENT`. */
export const releasesCommand: Command = {
  name: 'releases',
  about: 'Lists the last releases, the newest first.',
  parameters: [APP, ENVIRONMENT],
  async run({ APP: app, ENVIRONMENT: environment }, api) {
    const page = query({ app, environment, per_page: MOST });
    const releases = await api.call<readonly Release[]>('GET', `/releases${page}`);
    if (releases.length === 0) return said(`${app} has no release in ${environment} yet.`);
    return said(...releases.map(releaseLine));
  },
};

/** `builds APP`. */
export const buildsCommand: Command = {
  name: 'builds',
  about: 'Lists the last builds of an app, the newest first.',
  parameters: [APP],
  async run({ APP: app }, api) {
    const builds = await api.call<readonly Build[]>('GET', `/builds${query({ app, per_page: MOST })}`);
    return builds.length === 0 ? said(`${app} was not built yet.`) : said(...builds.map(buildLine));
  },
};

/** `promote APP FROM TO`. */
export const promoteCommand: Command = {
  name: 'promote',
  about: 'Brings what runs in one environment to another, the same image.',
  parameters: [
    APP,
    { name: 'FROM', about: 'The environment that has it.' },
    { name: 'TO', about: 'The environment that gets it.' },
  ],
  async run({ APP: app, FROM: from, TO: to }, api) {
    const path = `/apps/${inPath(app)}/promote`;
    const deploy = await api.call<{ id: string; rref: string; from_release: string | null }>('POST', path, {
      from,
      to,
    });
    const what = `${deploy.from_release ?? 'the release'} of ${from}`;
    return {
      ...said(`Deploy ${deploy.id}: ${what} (${shortSha(deploy.rref)}) of ${app} to ${to}.`),
      deploy: deploy.id,
    };
  },
};

function releaseLine({ number, rref, kind, from, current, created_at: since }: Release): string {
  const what = from === null ? kind : `${kind} of ${from}`;
  return `${number} ${shortSha(rref)} ${what}, ${since}${current ? ', current' : ''}`;
}

function buildLine({ id, ref, rref, state, failure_reason: reason }: Build): string {
  const commit = rref === null ? ref : `${shortSha(rref)} (${ref})`;
  return `build ${id} of ${commit}: ${state}${reason === null ? '' : `: ${reason}`}`;
}
