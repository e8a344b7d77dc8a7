import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { ChatSettings } from './chat-settings.js';
import { toNumber } from './read-value.js';

const LINES = { message: 'should be a whole number of lines, 1000 to 100000000' };

const DAYS = { message: 'should be a whole number of days, 1 to 3650' };

/** How much is kept of what is printed and of what happened. */
export class LogSettings extends ChatSettings {
  /**
   * Lines that are kept of what one run of a build prints; a long line counts as one more for each 1000 characters. Of what
   * it prints beyond them the last 1000 lines are kept, and the others are counted.
   */
  @Transform(toNumber)
  @IsInt(LINES)
  @Min(1000, LINES)
  @Max(100_000_000, LINES)
  LOG_LINES_PER_BUILD = 2000000;

  /**
   * How long events are kept, in days: so far back `GET /events` can be resumed. One that is still to be delivered to a
   * notification target stays until it is.
   */
  @Transform(toNumber)
  @IsInt(DAYS)
  @Min(1, DAYS)
  @Max(3650, DAYS)
  EVENTS_KEPT_DAYS = 30;
}
