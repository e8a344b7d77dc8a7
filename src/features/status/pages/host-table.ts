import type { HostDto } from '../../hosts/host.dto.js';
import { type Html, html } from '../html.js';
import { badge, type Tone } from './layout.js';

const TONES: Readonly<Record<string, Tone>> = { active: 'good', cordoned: 'odd', draining: 'busy', lost: 'bad' };

/** The hosts, and how much of each is reserved. */
export function hostTable(hosts: readonly HostDto[]): Html {
  if (hosts.length === 0) return html`<p class="empty">Consul knows no host.</p>`;
  return html`<div class="scroll">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">State</th>
          <th scope="col">Serves</th>
          <th scope="col">Memory</th>
          <th scope="col">Processors</th>
          <th scope="col">Instances</th>
        </tr>
      </thead>
      <tbody>
        ${hosts.map(row)}
      </tbody>
    </table>
  </div>`;
}

const row = (host: HostDto): Html =>
  html` <tr>
    <th scope="row">${host.name}</th>
    <td data-label="State">
      ${badge(host.health.healthy ? (TONES[host.state] ?? 'calm') : 'bad', stateOf(host))}${whyOf(host)}
    </td>
    <td data-label="Serves">
      ${host.pools.map(({ stack, environment }) => html`<span class="pool">${stack}/${environment}</span> `)}
    </td>
    <td data-label="Memory">${load(host.reserved.memory_mb, host.capacity?.memory_mb ?? null, 'MiB')}</td>
    <td data-label="Processors">${load(host.reserved.cpus, host.capacity?.cpus ?? null, 'cores')}</td>
    <td data-label="Instances">${host.running_instances}</td>
  </tr>`;

const stateOf = ({ state, health }: HostDto): string => (health.healthy || state === 'lost' ? state : 'unhealthy');

function whyOf({ reason, health }: HostDto): Html {
  const why = health.reason ?? reason;
  return html`${why !== null && html`<small>${why}</small>`}`;
}

/** What is reserved of what there is, as a bar and in figures. */
function load(reserved: number, capacity: number | null, unit: string): Html {
  const figures = `${figure(reserved)} of ${capacity === null ? '?' : figure(capacity)} ${unit}`;
  if (capacity === null || capacity === 0) return html`<span class="figures">${figures}</span>`;
  const part = Math.min(100, (reserved / capacity) * 100);
  const tone = part > 90 ? 'high' : 'fine';
  return html`<svg class="load ${tone}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="all" width="100" height="6" />
      <rect class="used" width="${part.toFixed(1)}" height="6" />
    </svg>
    <span class="figures">${figures}</span>`;
}

const figure = (value: number): number => Number(value.toFixed(2));
