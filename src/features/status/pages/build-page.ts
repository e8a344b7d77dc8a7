import type { BuildDto } from '../../builds/build.dto.js';
import type { LogPart } from '../status-reads.js';
import { type Html, html } from '../html.js';
import { lasting, moment, secondsBetween, short } from '../words.js';
import { type Fact, facts } from './deploy-page.js';
import { section } from './layout.js';
import { buildBadge, tookOf } from './lists.js';
import { logBlock } from './log-block.js';

/** One build: of what, how it goes, and what it says. */
export const buildPage = ({ build, log }: { build: BuildDto; log: LogPart }, now: Date): Html =>
  html` <p class="up">
      <a href="/status">Status</a> / <a href="/status/apps/${encodeURIComponent(build.app.name)}">${build.app.name}</a>
    </p>
    <h1>Build ${build.id}</h1>
    ${section('facts', 'What it is', html`${facts(buildFacts(build, now))}${failureOf(build)}`)}
    ${section('log', 'Log', logBlock(`Log of build ${build.id}`, log))}`;

const buildFacts = (build: BuildDto, now: Date): readonly Fact[] => [
  ['State', buildBadge(build)],
  ['Of', html`${build.app.name}, ${build.ref === build.rref ? 'commit' : build.ref} <code>${short(build.rref)}</code>`],
  [
    'Asked for',
    html`${moment(build.created_at, now)}${build.requested_by !== null && html` by ${build.requested_by}`}`,
  ],
  ['Took', tookOf(build, now)],
  ['Waited', build.started_at !== null && lasting(secondsBetween(build.created_at, build.started_at, now))],
  [
    'How',
    build.method !== null && html`${build.method}${build.method_reason !== null && html`: ${build.method_reason}`}`,
  ],
  ['Host', build.container_host],
  ['Image', build.image !== null && html`<code class="long">${build.image}</code>`],
];

const failureOf = ({ failure_reason: reason }: BuildDto): Html | null =>
  reason === null
    ? null
    : html`<div class="failure">
        <p><strong>Why it failed:</strong> ${reason}</p>
      </div>`;
