import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { ChatSettings } from './chat-settings.js';
import { toNumber } from './read-value.js';

const RATE = { message: 'should be a whole number, 0 to 1000000' };

/** How much a caller may ask. */
export class LimitSettings extends ChatSettings {
  /** Requests that one caller may send in a minute; 0 for no limit. */
  @Transform(toNumber)
  @IsInt(RATE)
  @Min(0, RATE)
  @Max(1_000_000, RATE)
  RATE_LIMIT_PER_MINUTE = 1200;
}
