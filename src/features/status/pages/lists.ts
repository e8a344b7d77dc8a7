import type { BuildDto } from '../../builds/build.dto.js';
import type { DeployDto } from '../../deploys/deploy.dto.js';
import { type Html, html } from '../html.js';
import { lasting, moment, secondsBetween, short, spoken } from '../words.js';
import { badge, type Tone } from './layout.js';

/** The newest deploys. */
export function deployList(deploys: readonly DeployDto[], now: Date): Html {
  if (deploys.length === 0) return html`<p class="empty">There was no deploy yet.</p>`;
  return html`<ol class="feed">
    ${deploys.map((deploy) => deployItem(deploy, now))}
  </ol>`;
}

const deployItem = (deploy: DeployDto, now: Date): Html =>
  html` <li>
    <a class="line" href="/status/deploys/${deploy.id}"
      >${deployBadge(deploy)}
      <span class="what"><b>${deploy.app.name}</b> to ${deploy.environment.name}${kindOf(deploy)}</span>
      <span class="about"
        ><code>${short(deploy.rref)}</code> ${moment(deploy.created_at, now)} · ${tookOf(deploy, now)}</span
      ></a
    >
  </li>`;

/** How a deploy is, in a word. */
export function deployBadge({ state, outcome, queued, paused_because: paused }: DeployDto): Html {
  if (outcome === null) return badge('busy', queued ? 'waits' : paused === null ? state : 'paused');
  return badge(toneOf(outcome), spoken(outcome));
}

function kindOf({ kind, release, from_release: from }: DeployDto): Html {
  const of = from === null ? '' : ` of ${from}`;
  return html`${kind !== 'deploy' && html` <small>${kind}${of}</small>`}${release !== null && html` <small>${release}</small>`}`;
}

/** How long it took, or has taken so far. */
export const tookOf = (
  { created_at, completed_at }: Pick<DeployDto, 'created_at' | 'completed_at'>,
  now: Date,
): string => `${lasting(secondsBetween(created_at, completed_at, now))}${completed_at === null ? ' so far' : ''}`;

/** The newest builds. */
export function buildList(builds: readonly BuildDto[], now: Date): Html {
  if (builds.length === 0) return html`<p class="empty">There was no build yet.</p>`;
  return html`<ol class="feed">
    ${builds.map((build) => buildItem(build, now))}
  </ol>`;
}

const buildItem = (build: BuildDto, now: Date): Html =>
  html` <li>
    <a class="line" href="/status/builds/${build.id}"
      >${buildBadge(build)}
      <span class="what"><b>${build.app.name}</b> ${build.ref === build.rref ? '' : build.ref}</span>
      <span class="about"
        ><code>${short(build.rref)}</code> ${moment(build.created_at, now)} · ${tookOf(build, now)}</span
      ></a
    >
  </li>`;

/** How a build is, in a word. */
export const buildBadge = ({ phase, outcome }: BuildDto): Html =>
  outcome === null ? badge('busy', phase) : badge(toneOf(outcome), spoken(outcome));

/** What nobody wanted any more is neither good nor bad. */
const toneOf = (outcome: string): Tone =>
  outcome === 'succeeded' ? 'good' : outcome === 'canceled' || outcome === 'superseded' ? 'calm' : 'bad';
