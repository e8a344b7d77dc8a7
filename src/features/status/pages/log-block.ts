import type { AppLogsDto } from '../../app-logs/app-log.dto.js';
import type { LogsDto } from '../../logs/log.dto.js';
import type { LogPart, Output } from '../status-reads.js';
import { type Html, html } from '../html.js';
import { shown } from './layout.js';

/** One line, whoever printed it. */
interface Line {
  readonly time: string;
  readonly from: string;
  readonly level: string;
  readonly text: string;
}

/** Where a log is followed from, and what it is of. */
interface Followed {
  readonly label: string;
  /** Path and query of its stream, the last line that is there already in it. */
  readonly stream: string;
  /** How many lines are kept when more come. */
  readonly keep: number;
}

/** The end of a log of Jockey's; a script follows it from there. */
export const logBlock = (label: string, { path, lines }: LogPart, keep = 1000): Html =>
  shown(lines, ({ logs }: LogsDto) => {
    const after = logs.at(-1)?.position;
    const stream = `${path}?ansi=strip${after === undefined ? '' : `&after=${after}`}`;
    return block({ label, stream, keep }, logs.map(lineOf), 'Nothing is said yet.');
  });

const lineOf = ({ timestamp, logger, level, message }: LogsDto['logs'][number]): Line => ({
  ...{ time: timestamp, from: logger, level, text: message.text },
});

/** What the instances of an app print; a script follows it from there. */
export const outputBlock = ({ environment, path, lines }: Output): Html =>
  shown(lines, ({ logs, missing, position }: AppLogsDto) => {
    const stream = `${path}&ansi=strip&${position === null ? 'tail=50' : `after=${encodeURIComponent(position)}`}`;
    const label = `Output in ${environment}`;
    return html`${missing.map(({ worker, slot, because }) => html`<p class="refusal">${worker} ${slot}: ${because}</p>`)}
    ${block({ label, stream, keep: 500 }, logs.map(printedLine), 'Nothing was printed yet.')}`;
  });

const printedLine = ({ timestamp, worker, slot, stream, message }: AppLogsDto['logs'][number]): Line => ({
  ...{ time: timestamp, from: `${worker}.${slot}`, level: stream === 'stderr' ? 'warn' : 'info', text: message.text },
});

/** It can be scrolled by keyboard, so it has a name and a place in the order of the keys. */
const block = ({ label, stream, keep }: Followed, lines: readonly Line[], none: string): Html =>
  html` <div class="log" role="region" aria-label="${label}" tabindex="0" data-log="${stream}" data-keep="${keep}">
    ${lines.length === 0 ? html`<p class="empty">${none}</p>` : lines.map(line)}
  </div>`;

const line = ({ time, from, level, text }: Line): Html =>
  html`<div class="${level}">
    <time datetime="${time}">${time.slice(11, 19)}</time><i>${from}</i><span>${text}</span>
  </div>`;
