import { Flag, OneOf, Text, WholeNumber } from '../../http/input/fields.js';

/** What a log line says. */
export class LogMessageDto {
  /** The line, without its newline. */
  text!: string;
}

/** One line of a log. */
export class LogLineDto {
  /** Its place in the log; `after` continues from it. */
  position!: string;

  /** When it was said or printed: ISO 8601, UTC. */
  timestamp!: string;

  /** Who says it: `engine`, `docker`, `git`, or a program. */
  logger!: string;

  /** `debug`, `info`, `warn` or `error`. */
  level!: string;

  /** Where a program or a builder printed it: `stdout`, `stderr`, or `status` for the builder's own words; null for Jockey's. */
  stream!: string | null;

  /** The step of a build that it belongs to; null for none. */
  step!: string | null;

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
      stream: null,
      step: null,
      message: { text: 'web 1 on h1: healthy' },
    },
  ],
};

/** The most lines that one answer holds. */
export const MOST_LINES = 10_000;

/** A position on the wire. */
const POSITION = {
  max: 19,
  pattern: /^[0-9]{1,18}$/,
  shape: 'the position of a line: digits',
  optional: true,
} as const;

/** What becomes of colours and movements that are meant for a terminal. */
export const ANSI_WORDS = ['keep', 'strip'] as const;

/** One of {@link ANSI_WORDS}. */
export type AnsiWord = (typeof ANSI_WORDS)[number];

/** How a log is written; with a word it is a file to be downloaded. */
export const LOG_FORMATS = ['json', 'text', 'text.gz'] as const;

/** Which part of a log is wanted, and how. */
export class LogQueryDto {
  /** Only the lines behind this position. */
  @Text({ ...POSITION, example: '1041' })
  after?: string;

  /** Only the lines before this position: with `limit` the last ones before it, so that a log is read from its end. */
  @Text({ ...POSITION, example: '2040' })
  before?: string;

  /** How many lines at the most; all where nothing is said. A follower gets all in any case. */
  @WholeNumber({ min: 1, max: MOST_LINES, unit: 'lines', optional: true, example: 1000 })
  limit?: number;

  /** Only so many of the last lines; a follower begins with them. Goes without `after`, `before` and `limit`. */
  @WholeNumber({ min: 1, max: MOST_LINES, unit: 'lines', optional: true, example: 200 })
  tail?: number;

  /** `text` or `text.gz` to download the lines as they were printed; otherwise what `Accept` says. */
  @OneOf(LOG_FORMATS, { optional: true, example: 'text' })
  format?: (typeof LOG_FORMATS)[number];

  /** `strip` takes colours and movements for a terminal out; they stay where nothing is said. */
  @OneOf(ANSI_WORDS, { optional: true, example: 'strip' })
  ansi?: AnsiWord;

  /** Whether each line of a text begins with its time. */
  @Flag({ optional: true, example: true })
  times?: boolean;
}
