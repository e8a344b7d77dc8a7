import { POSITION_SHAPE } from '../../domain/log/output-position.js';
import { Field, Flag, OneOf, Reference, show, Text, WholeNumber } from '../../http/input/fields.js';
import { ANSI_WORDS, type AnsiWord, LogMessageDto, MOST_LINES } from '../logs/log.dto.js';
import { isMoment } from './moment.js';

/** One line that an instance printed. */
export class AppLogLineDto {
  /** Id of the instance. */
  instance!: string;

  /** Name of its worker. */
  worker!: string;

  /** Which one of its worker it is, from 1. */
  slot!: number;

  /** Name of its host. */
  host!: string;

  /** `stdout` or `stderr`. */
  stream!: string;

  /** When it was printed, on the host's clock: ISO 8601, UTC, with nine digits behind the second. */
  timestamp!: string;

  /** What was printed, without the secrets of the app. */
  message!: LogMessageDto;
}

/** An instance whose output could not be read. */
export class UnreadInstanceDto {
  /** Id of the instance. */
  instance!: string;

  /** Name of its worker. */
  worker!: string;

  /** Which one of its worker it is, from 1. */
  slot!: number;

  /** Name of its host. */
  host!: string;

  /** Why, one sentence. */
  because!: string;
}

/** What the instances of an app printed. */
export class AppLogsDto {
  /** Oldest first, of all instances together; empty where nothing was printed. */
  logs!: AppLogLineDto[];

  /** Instances whose lines are missing. */
  missing!: UnreadInstanceDto[];

  /** Behind the last line of each instance: as `after` it asks for what is printed later. Null while there is nothing. */
  position!: string | null;
}

/** Output as an answer shows it. */
export const APP_LOGS_EXAMPLE: AppLogsDto = {
  logs: [
    {
      instance: '97',
      worker: 'web',
      slot: 1,
      host: 'h1',
      stream: 'stdout',
      timestamp: '2026-11-21T03:36:04.120481203Z',
      message: { text: 'GET / 200 in 3 ms' },
    },
  ],
  missing: [],
  position: '2p:dbfq5d3e5wwj',
};

/** Output as text, and as a stream of lines. */
export const APP_LOGS_ALSO = {
  'text/plain': 'web.1 h1 | GET / 200 in 3 ms\n',
  'text/event-stream': `id: 2p:dbfq5d3e5wwj\ndata: ${JSON.stringify(APP_LOGS_EXAMPLE.logs[0])}\n\n`,
};

/** How many of the last lines come where nothing is said. */
export const USUAL_TAIL = 100;

/** Which output is wanted, and how. */
export class AppLogQueryDto {
  /** Name or id of the app. */
  @Reference('app', { example: 'sample' })
  app!: string;

  /** Name or id of the environment. */
  @Reference('environment', { example: 'production' })
  environment!: string;

  /** Only the instances of the worker of this name. */
  @Text({ max: 63, optional: true, example: 'web' })
  worker?: string;

  /** Only one instance: its id, the name of its container, or `web.1` for what runs in slot 1 of `web`. */
  @Text({ max: 200, optional: true, example: 'web.1' })
  instance?: string;

  /** Only what was printed from then on: a time in ISO 8601, or how long ago: `30s`, `10m`, `2h`, `1d`. */
  @Field('text', momentRule, { optional: true, example: '10m', schema: { type: 'string' } })
  since?: string;

  /** Only what was printed behind this position. Goes without `since` and `tail`. */
  @Text({ max: 8000, pattern: POSITION_SHAPE, shape: 'a position of an earlier answer', optional: true })
  after?: string;

  /**
   * Only so many of the last lines of all instances together; 100 where neither this nor `since` nor `after` is said. A
   * follower begins with them; with 0 it gets only what is new.
   */
  @WholeNumber({ min: 0, max: MOST_LINES, unit: 'lines', optional: true, example: 200 })
  tail?: number;

  /** `text` for lines as they were printed, each with its instance before it; otherwise what `Accept` says. */
  @OneOf(['json', 'text'], { optional: true, example: 'text' })
  format?: 'json' | 'text';

  /** `strip` takes colours and movements for a terminal out; they stay where nothing is said. */
  @OneOf(ANSI_WORDS, { optional: true, example: 'strip' })
  ansi?: AnsiWord;

  /** Whether each line of a text begins with its time. */
  @Flag({ optional: true, example: true })
  times?: boolean;
}

function momentRule(value: unknown): string | null {
  if (typeof value === 'string' && isMoment(value)) return null;
  return `is ${show(value)}, but should be a time such as 2026-11-21T03:36:04Z, or how long ago, such as 10m.`;
}
