import type { PlaceDeployDto, PlaceDto, PlaceWorkerDto } from '../../places/place.dto.js';
import { type Html, html } from '../html.js';
import { counted, moment, short, spoken } from '../words.js';
import { badge, type Tone } from './layout.js';

const TONES: Readonly<Record<string, Tone>> = {
  deploying: 'busy',
  failing: 'bad',
  failed: 'odd',
  held: 'odd',
  running: 'good',
  idle: 'calm',
};

const WORDS: Readonly<Record<string, string>> = { failing: 'too few healthy', failed: 'last deploy failed' };

/** What runs where; one row a place. */
export function placeTable(places: readonly PlaceDto[], now: Date): Html {
  if (places.length === 0) return html`<p class="empty">Nothing was deployed yet.</p>`;
  return html`<div class="scroll">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">App</th>
          <th scope="col">Environment</th>
          <th scope="col">State</th>
          <th scope="col">Release</th>
          <th scope="col">Instances</th>
          <th scope="col">Hosts</th>
          <th scope="col">Last deploy</th>
        </tr>
      </thead>
      <tbody>
        ${places.map((place) => row(place, now))}
      </tbody>
    </table>
  </div>`;
}

const row = (place: PlaceDto, now: Date): Html =>
  html` <tr>
    <th scope="row"><a href="/status/apps/${encodeURIComponent(place.app)}">${place.app}</a></th>
    <td data-label="Environment">${place.environment}</td>
    <td data-label="State">${conditionBadge(place)}${notes(place)}</td>
    <td data-label="Release">${releaseOf(place, now)}</td>
    <td data-label="Instances">${place.workers.filter(isSeen).map(workerLine)}</td>
    <td data-label="Hosts">${hostsOf(place)}</td>
    <td data-label="Last deploy">${lastDeploy(place, now)}</td>
  </tr>`;

/** How a place is, in a word. */
export const conditionBadge = ({ condition }: PlaceDto): Html =>
  badge(TONES[condition] ?? 'calm', WORDS[condition] ?? condition);

function notes({ hold, deploy }: PlaceDto): Html {
  const paused = deploy?.paused_because ?? null;
  return html`${hold !== null && html`<small>held: ${hold}</small>`}${paused !== null && html`<small>paused: ${paused}</small>`}`;
}

const releaseOf = ({ release }: PlaceDto, now: Date): Html =>
  release === null
    ? html`<span class="none">none</span>`
    : html`<strong>${release.number}</strong> <code>${short(release.rref)}</code>
        <small>${moment(release.since, now)}</small>`;

const isSeen = ({ wanted, healthy, starting, failed }: PlaceWorkerDto): boolean =>
  wanted + healthy + starting + failed > 0;

function workerLine({ name, wanted, healthy, starting, failed }: PlaceWorkerDto): Html {
  const rest = [...(starting > 0 ? [`${starting} starting`] : []), ...(failed > 0 ? [`${failed} failed`] : [])];
  return html`<span class="worker"
    >${name}
    <b class="${healthy < wanted ? 'short' : 'full'}">${healthy}/${wanted}</b>
    ${rest.length > 0 && html` <small>${rest.join(', ')}</small>`}</span
  >`;
}

function hostsOf({ workers }: PlaceDto): Html {
  const names = [...new Set(workers.flatMap(({ hosts }) => hosts))].sort();
  if (names.length === 0) return html`<span class="none">none</span>`;
  if (names.length <= 3) return html`${names.join(', ')}`;
  return html`<span title="${names.join(', ')}"
    >${names.slice(0, 2).join(', ')} and ${counted(names.length - 2, 'other')}</span
  >`;
}

function lastDeploy({ deploy, last_deploy: last }: PlaceDto, now: Date): Html {
  const shown = deploy ?? last;
  if (shown === null) return html`<span class="none">none</span>`;
  return html`<a href="/status/deploys/${shown.id}">${resultOf(shown)}</a>
    <small>${moment(shown.completed_at ?? shown.created_at, now)}</small>`;
}

const resultOf = ({ id, state, outcome }: PlaceDeployDto): string => `${id}: ${spoken(outcome ?? state)}`;
