import { Text, WholeNumber } from '../../http/input/fields.js';

/** What a log line says. */
export class LogMessageDto {
  /** The line, without its newline. */
  text!: string;
}

/** One line of a log. */
export class LogLineDto {
  /** Its place in the log; `after` continues from it. */
  position!: string;

  /** When it was written: ISO 8601, UTC. */
  timestamp!: string;

  /** Who says it: `engine`, or `docker`. */
  logger!: string;

  /** `debug`, `info`, `warn` or `error`. */
  level!: string;

  /** What is said. */
  message!: LogMessageDto;
}

/** A log, or the part of it that was asked for. */
export class LogsDto {
  /** Oldest first; empty while there is nothing. */
  logs!: LogLineDto[];
}

/** A log as an answer shows it. */
export const LOGS_EXAMPLE: LogsDto = {
  logs: [
    {
      position: '1041',
      timestamp: '2026-11-21T03:36:04.120Z',
      logger: 'engine',
      level: 'info',
      message: { text: 'web 1 on h1: healthy' },
    },
  ],
};

/** The most lines that one answer holds. */
export const MOST_LINES = 10_000;

/** Which part of a log is wanted. */
export class LogQueryDto {
  /** Only the lines behind this position. */
  @Text({ max: 19, pattern: /^[0-9]{1,18}$/, shape: 'the position of a line: digits', optional: true, example: '1041' })
  after?: string;

  /** How many lines at the most; all where nothing is said. A follower gets all in any case. */
  @WholeNumber({ min: 1, max: MOST_LINES, unit: 'lines', optional: true, example: 1000 })
  limit?: number;
}
