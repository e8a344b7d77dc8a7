import type { DayOfDeploysDto, DeployHistoryDto } from '../../history/history.dto.js';
import { type Html, html } from '../html.js';
import { counted, lasting, percent } from '../words.js';

/** A plot: one bar a day, of one part or of two that stand on each other. */
interface Plot {
  readonly id: string;
  readonly name: string;
  /** The figure of all days together. */
  readonly figure: string;
  /** What the figure means. */
  readonly about: string;
  readonly days: readonly DayOfDeploysDto[];
  /** The parts of a day's bar from below, each with its class; none where there is nothing. */
  readonly bars: (day: DayOfDeploysDto) => readonly (readonly [string, number])[];
  /** What a day's bar says. */
  readonly said: (day: DayOfDeploysDto) => string;
  /** How a height is said. */
  readonly scale: (height: number) => string;
}

/** Width and height of what is drawn in, and of the bars in it. */
const WIDTH = 300;
const HEIGHT = 84;
const GAP = 0.2;

/** Four plots of how deploys went, and the figures of them as a table. */
export function plots(history: DeployHistoryDto): Html {
  return html`<div class="plots">${plotsOf(history).map(plot)}</div>
    <details id="history-figures">
      <summary>The same figures as a table</summary>
      ${figures(history)}
    </details>`;
}

function plotsOf({ total, days, deploys_a_day: aDay }: DeployHistoryDto): readonly Plot[] {
  const { seconds_to_deploy_p50: took, seconds_to_restore_p50: lasted, failure_rate: rate } = total;
  return [
    {
      ...{ id: 'a-day', name: 'Deploys a day', figure: `${aDay}`, days, scale: String },
      about: `${total.succeeded} succeeded, ${total.failed} failed in ${counted(days.length, 'day')}`,
      bars: ({ succeeded, failed }) => [['good', succeeded], ['bad', failed]], // prettier-ignore
      said: ({ succeeded, failed }) => `${succeeded} succeeded, ${failed} failed`,
    },
    {
      ...{ id: 'to-deploy', name: 'Time to deploy', figure: orNone(took), days, scale: lasting },
      about: took === null ? 'no deploy succeeded' : `half took less; 95 of 100 less than ${orNone(total.seconds_to_deploy_p95)}`, // prettier-ignore
      bars: ({ seconds_to_deploy_p50: seconds }) => [['plain', seconds ?? 0]],
      said: ({ seconds_to_deploy_p50: seconds }) => (seconds === null ? 'none' : `half took less than ${lasting(seconds)}`), // prettier-ignore
    },
    {
      ...{ id: 'failures', name: 'Failure rate', figure: rate === null ? '–' : percent(rate), days, scale: percent },
      about: `${total.failed} failed and ${total.undone} undone of ${total.settled}`,
      bars: ({ failure_rate: part }) => [['bad', part ?? 0]],
      said: ({ failure_rate: part, failed, undone, settled }) => part === null ? 'no deploys' : `${failed} failed and ${undone} undone of ${settled}`, // prettier-ignore
    },
    {
      ...{ id: 'to-restore', name: 'Time to restore', figure: orNone(lasted), days, scale: lasting },
      about: lasted === null ? 'there was nothing to restore' : `half of ${counted(total.restored, 'trouble')} lasted less`, // prettier-ignore
      bars: ({ seconds_to_restore_p50: seconds }) => [['plain', seconds ?? 0]],
      said: ({ seconds_to_restore_p50: seconds, restored }) => seconds === null ? 'nothing to restore' : `${counted(restored, 'trouble')}, half lasted less than ${lasting(seconds)}`, // prettier-ignore
    },
  ];
}

const orNone = (seconds: number | null): string => (seconds === null ? '–' : lasting(seconds));

function plot(of: Plot): Html {
  const heights = of.days.map((day) => of.bars(day).reduce((sum, [, height]) => sum + height, 0));
  const most = Math.max(...heights, 0);
  const [first, last] = [of.days.at(0)?.day ?? '', of.days.at(-1)?.day ?? ''];
  return html`<figure class="plot">
    <figcaption><span class="name">${of.name}</span><strong>${of.figure}</strong><small>${of.about}</small></figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT + 18}" role="img" aria-labelledby="${of.id}-title ${of.id}-about">
      <title id="${of.id}-title">${of.name}, day by day</title>
      <desc id="${of.id}-about">
        ${of.days.length} days from ${first} to ${last}: ${of.figure}, ${of.about}. The most of a day is
        ${of.scale(most)}.
      </desc>
      <line class="axis" x1="0" y1="${HEIGHT}" x2="${WIDTH}" y2="${HEIGHT}" />
      ${of.days.map((day, at) => bar({ of, day, at, most }))}
      ${most > 0 && html`<text class="most" x="0" y="9">${of.scale(most)}</text>`}
      <text class="day" x="0" y="${HEIGHT + 14}">${monthDay(first)}</text>
      <text class="day end" x="${WIDTH}" y="${HEIGHT + 14}">${monthDay(last)}</text>
    </svg>
  </figure>`;
}

interface Bar {
  readonly of: Plot;
  readonly day: DayOfDeploysDto;
  readonly at: number;
  readonly most: number;
}

/** The room above the bars holds the greatest figure. */
const ROOM = HEIGHT - 14;

function bar({ of, day, at, most }: Bar): Html | null {
  if (most === 0) return null;
  const step = WIDTH / of.days.length;
  const drawn: Html[] = [];
  let below = HEIGHT;
  for (const [tone, amount] of of.bars(day)) {
    if (amount === 0) continue;
    const height = Math.max(1.5, (amount / most) * ROOM);
    below -= height;
    drawn.push(html`<rect class="${tone}" x="${round(at * step + step * (GAP / 2))}" y="${round(below)}" width="${round(step * (1 - GAP))}" height="${round(height)}" rx="1"/>`); // prettier-ignore
  }
  if (drawn.length === 0) return null;
  return html`<g><title>${day.day}: ${of.said(day)}</title>${drawn}</g>`;
}

const round = (value: number): number => Number(value.toFixed(2));

/** `11-21`. */
const monthDay = (day: string): string => day.slice(5);

function figures({ days }: DeployHistoryDto): Html {
  const told = [...days].reverse().filter(({ settled }) => settled > 0);
  if (told.length === 0) return html`<p class="empty">No deploy settled in these days.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Figures of each day">
    <table>
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">Succeeded</th>
          <th scope="col">Failed</th>
          <th scope="col">Undone</th>
          <th scope="col">Time to deploy</th>
          <th scope="col">Failure rate</th>
          <th scope="col">Time to restore</th>
        </tr>
      </thead>
      <tbody>
        ${told.map(
          (day) => html`<tr><th scope="row">${day.day}</th><td>${day.succeeded}</td><td>${day.failed}</td><td>${day.undone}</td><td>${orNone(day.seconds_to_deploy_p50)}</td><td>${day.failure_rate === null ? '–' : percent(day.failure_rate)}</td><td>${orNone(day.seconds_to_restore_p50)}</td></tr>`, // prettier-ignore
        )}
      </tbody>
    </table>
  </div>`;
}
