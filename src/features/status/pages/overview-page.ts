import type { PlaceDto } from '../../places/place.dto.js';
import { listOf, type Overview } from '../status-reads.js';
import { type Html, html } from '../html.js';
import { counted } from '../words.js';
import { hostTable } from './host-table.js';
import { section, shown } from './layout.js';
import { buildList, deployList } from './lists.js';
import { logBlock } from './log-block.js';
import { placeTable } from './place-table.js';
import { plots } from './plots.js';

/** Everything at a glance. */
export const overviewPage = (overview: Overview, now: Date): Html =>
  html` <h1>Status</h1>
    ${summary(overview)}
    ${section(
      'places',
      'What runs where',
      shown(overview.places, (places) => placeTable(places, now)),
    )}
    <div class="pair">
      ${section(
        'deploys',
        'Last deploys',
        shown(overview.deploys, (deploys) => deployList(deploys, now)),
      )}
      ${section(
        'builds',
        'Last builds',
        shown(overview.builds, (builds) => buildList(builds, now)),
      )}
    </div>
    ${
      overview.log !== null &&
      section(
        'log',
        overview.log.of,
        html`${logBlock(overview.log.of, overview.log, 60)}
          <p class="more"><a href="${overview.log.page}">All of it</a></p>`,
      )
    }
    ${section('hosts', 'Hosts and their load', shown(overview.hosts, hostTable))}
    ${section('history', 'The last 30 days', shown(overview.history, plots))}`;

/** What should be looked at first, in one line. */
function summary({ places, hosts }: Overview): Html {
  const all = listOf(places);
  const away = listOf(hosts).filter(({ state, health }) => state === 'lost' || !health.healthy).length;
  const worries = [
    ...worry(all, 'failing', 'with too few healthy instances'),
    ...worry(all, 'failed', 'whose last deploy failed'),
    ...(away > 0 ? [`${counted(away, 'host')} not healthy`] : []),
  ];
  const busy = all.filter(({ condition }) => condition === 'deploying').length;
  const calm = worries.length === 0 ? 'All is as it should be' : worries.join('; ');
  return html`<p id="summary" data-part class="summary ${worries.length === 0 ? 'good' : 'bad'}">
    <strong>${calm}.</strong> ${counted(all.length, 'place')}${busy > 0 && html`, ${busy} being deployed to`}.
  </p>`;
}

function worry(places: readonly PlaceDto[], condition: string, words: string): readonly string[] {
  const count = places.filter((place) => place.condition === condition).length;
  return count === 0 ? [] : [`${counted(count, 'place')} ${words}`];
}
