import type { AppPage } from '../status-reads.js';
import { type Html, html } from '../html.js';
import { section, shown } from './layout.js';
import { buildList, deployList } from './lists.js';
import { outputBlock } from './log-block.js';
import { placeTable } from './place-table.js';
import { plots } from './plots.js';

/** One app: where it runs, what it prints, and how its deploys go. */
export const appPage = ({ app, ...parts }: AppPage, now: Date): Html =>
  html` <p class="up"><a href="/status">Status</a></p>
    <h1>${app.name}</h1>
    <p class="lead">${app.git_url ?? app.repo}, on the hosts of ${app.stack}</p>
    ${section(
      'places',
      'Where it runs',
      shown(parts.places, (places) => placeTable(places, now)),
    )}
    ${parts.outputs.map((output) => section(`output-${output.environment}`, `Output in ${output.environment}`, outputBlock(output)))}
    <div class="pair">
      ${section(
        'deploys',
        'Last deploys',
        shown(parts.deploys, (deploys) => deployList(deploys, now)),
      )}
      ${section(
        'builds',
        'Last builds',
        shown(parts.builds, (builds) => buildList(builds, now)),
      )}
    </div>
    ${section('history', 'The last 30 days', shown(parts.history, plots))}`;
