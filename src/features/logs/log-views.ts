import { stripAnsi } from '../../domain/log/strip-ansi.js';
import type { LogLine } from '../../domain/log/log-line.js';
import type { AnsiWord, LogLineDto } from './log.dto.js';

/** A line as JSON shows it. */
export function viewOf(line: LogLine, ansi: AnsiWord): LogLineDto {
  const { position, timestamp, logger, level, stream, step } = line;
  return {
    position,
    timestamp: timestamp.toISOString(),
    logger,
    level,
    stream,
    step,
    message: { text: textOf(line, ansi) },
  };
}

/** A line as a server-sent event. */
export function eventOf(line: LogLine, ansi: AnsiWord): string {
  return `id: ${line.position}\ndata: ${JSON.stringify(viewOf(line, ansi))}\n\n`;
}

/** What a line says. */
export function textOf({ text }: LogLine, ansi: AnsiWord): string {
  return ansi === 'strip' ? stripAnsi(text) : text;
}
