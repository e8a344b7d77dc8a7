import type { DeployDto } from '../../deploys/deploy.dto.js';
import type { InstanceDto } from '../../deploys/instance.dto.js';
import type { LogPart } from '../status-reads.js';
import { type Content, type Html, html } from '../html.js';
import { moment, short, spoken } from '../words.js';
import { badge, section, type Tone } from './layout.js';
import { deployBadge, tookOf } from './lists.js';
import { logBlock } from './log-block.js';

const TONES: Readonly<Record<string, Tone>> = { healthy: 'good', planned: 'busy', started: 'busy', failed: 'bad' };

/** One deploy: how it goes, on which instances, and what it says. */
export const deployPage = ({ deploy, log }: { deploy: DeployDto; log: LogPart }, now: Date): Html =>
  html` <p class="up">
      <a href="/status">Status</a> /
      <a href="/status/apps/${encodeURIComponent(deploy.app.name)}">${deploy.app.name}</a>
    </p>
    <h1>Deploy ${deploy.id}</h1>
    ${section('facts', 'What it is', html`${facts(deployFacts(deploy, now))}${failureOf(deploy)}`)}
    ${section('instances', 'Instances', instanceTable(deploy.instances ?? []))}
    ${section('log', 'Log', logBlock(`Log of deploy ${deploy.id}`, log))}`;

const deployFacts = (deploy: DeployDto, now: Date): readonly Fact[] => [
  ['State', deployBadge(deploy)],
  ['Where to', `${deploy.app.name} in ${deploy.environment.name}`],
  ['What', html`${deploy.kind}${deploy.from_release !== null && html` of ${deploy.from_release}`}, commit <code>${short(deploy.rref)}</code>, <a href="/status/builds/${deploy.build.id}">build ${deploy.build.id}</a>`], // prettier-ignore
  ['Release', deploy.release],
  ['Asked for', moment(deploy.created_at, now)],
  ['Took', tookOf(deploy, now)],
  ['Waits', deploy.queued && `for its turn, place ${deploy.position ?? '?'}`],
  ['Waits for room', deploy.waits_for_room !== null && 'until hosts come to its pool'],
  ['Paused', deploy.paused_because],
  [
    'Being taken back',
    deploy.outcome === null && deploy.cancel_requested_at !== null && moment(deploy.cancel_requested_at, now),
  ],
  [
    'Release command',
    deploy.release_command !== null && `${deploy.release_command.state} on ${deploy.release_command.host}`,
  ],
  ['Seen from outside', deploy.probe !== null && `${deploy.probe.requests} requests, ${deploy.probe.failures} failed`],
];

/** A fact, and what it is; those that say nothing are left out. */
export type Fact = readonly [string, Content];

/** Facts, each with its name. */
export const facts = (all: readonly Fact[]): Html =>
  html`<dl class="facts">
    ${all
      .filter(([, value]) => value !== null && value !== false && value !== '')
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;

/** Why something failed, in words and in the last lines of what failed. */
function failureOf({ failure_reason: reason, failure }: DeployDto): Html | null {
  if (reason === null) return null;
  return html`<div class="failure">
    <p><strong>Why it failed:</strong> ${reason}</p>
    ${
      failure !== null &&
      html`<p>${failure.instance} on ${failure.host}: ${failure.cause}</p>
        ${failure.last_lines.length > 0 && html`<pre tabindex="0" aria-label="The last lines of ${failure.instance}">${failure.last_lines.join('\n')}</pre>`}`
    }
  </div>`;
}

function instanceTable(instances: readonly InstanceDto[]): Html {
  if (instances.length === 0) return html`<p class="empty">None was planned yet.</p>`;
  return html`<div class="scroll">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Instance</th>
          <th scope="col">State</th>
          <th scope="col">Host</th>
          <th scope="col">Port</th>
        </tr>
      </thead>
      <tbody>
        ${instances.map(instanceRow)}
      </tbody>
    </table>
  </div>`;
}

const instanceRow = ({ worker, slot, state, host, port, failure }: InstanceDto): Html =>
  html` <tr>
    <th scope="row">${worker} ${slot}</th>
    <td data-label="State">
      ${badge(TONES[state] ?? 'calm', spoken(state))}${failure !== null && html`<small>${failure.cause}</small>`}
    </td>
    <td data-label="Host">${host}</td>
    <td data-label="Port">${port ?? '–'}</td>
  </tr>`;
