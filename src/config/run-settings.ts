import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { LogSettings } from './log-settings.js';
import { toNumber } from './read-value.js';

const TIME = { message: 'should be a whole number of seconds, 10 to 604800' };
const MEMORY = { message: 'should be a whole number of MB, 4 to 1048576' };
const ROOM = { message: 'should be a whole number of seconds, 0 to 3600' };
const GRACE = { message: 'should be a whole number of seconds, 5 to 86400' };
const MANY = { message: 'should be a whole number, 1 to 100' };

/** What commands that are run once may take. */
export class RunSettings extends LogSettings {
  /** The longest that a command may run, in seconds, and what it gets where nothing is said. */
  @Transform(toNumber)
  @IsInt(TIME)
  @Min(10, TIME)
  @Max(604_800, TIME)
  RUN_TIME_LIMIT_SECONDS = 3600;

  /** The most memory that a command may ask for, in MiB. */
  @Transform(toNumber)
  @IsInt(MEMORY)
  @Min(4, MEMORY)
  @Max(1_048_576, MEMORY)
  RUN_MEMORY_LIMIT_MB = 2048;

  /** How long a command waits for a host with room for it, in seconds, before it fails. */
  @Transform(toNumber)
  @IsInt(ROOM)
  @Min(0, ROOM)
  @Max(3600, ROOM)
  RUN_ROOM_SECONDS = 60;

  /** How long a command with a terminal goes on when nobody is connected to it, in seconds. */
  @Transform(toNumber)
  @IsInt(GRACE)
  @Min(5, GRACE)
  @Max(86_400, GRACE)
  RUN_CONSOLE_GRACE_SECONDS = 60;

  /** Commands of one app that may run, or wait, at once. */
  @Transform(toNumber)
  @IsInt(MANY)
  @Min(1, MANY)
  @Max(100, MANY)
  RUNS_PER_APP = 10;
}
