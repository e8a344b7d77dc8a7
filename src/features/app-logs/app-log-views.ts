import { isoOf } from '../../domain/log/output-line.js';
import { stripAnsi } from '../../domain/log/strip-ansi.js';
import type { AnsiWord } from '../logs/log.dto.js';
import type { AppLogLineDto, AppLogQueryDto } from './app-log.dto.js';
import type { SaidLine } from './printed.js';
import type { PrintingInstance } from './printing-instances.js';

/** A line as JSON shows it. */
export function viewOf(line: SaidLine, ansi: AnsiWord = 'keep'): AppLogLineDto {
  const { id, worker, slot, host } = line.of;
  const timestamp = isoOf(line.at);
  return { instance: id, worker, slot, host, stream: line.stream, timestamp, message: { text: textOf(line, ansi) } };
}

/** A line as text, with whose it is before it where there may be several. */
export function plainOf(line: SaidLine, { instance, ansi, times = false }: AppLogQueryDto): string {
  const whose = instance === undefined ? `${line.of.worker}.${line.of.slot} | ` : '';
  return `${times ? `${isoOf(line.at)} ` : ''}${whose}${textOf(line, ansi)}\n`;
}

/** A line as a server-sent event. */
export function eventOf(line: SaidLine, position: string, ansi?: AnsiWord): string {
  return `id: ${position}\ndata: ${JSON.stringify(viewOf(line, ansi))}\n\n`;
}

/** What happens to an instance that is followed: it `joined`, `left`, or is `silent`, and then why. */
export function changeEvent(of: PrintingInstance, change: 'joined' | 'left' | 'silent', because?: string): string {
  const { id, worker, slot, host, container } = of;
  const data = { instance: id, worker, slot, host, container, change, because: because ?? null };
  return `event: instance\ndata: ${JSON.stringify(data)}\n\n`;
}

function textOf({ text }: SaidLine, ansi: AnsiWord = 'keep'): string {
  return ansi === 'strip' ? stripAnsi(text) : text;
}
