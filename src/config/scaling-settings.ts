import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { AwsSettings } from './aws-settings.js';
import { toNumber } from './read-value.js';

const INTERVAL = { message: 'should be a whole number of seconds, 1 to 600' };

/** How often is looked whether there are enough hosts and instances. */
export class ScalingSettings extends AwsSettings {
  /** Seconds between two looks at a host pool, or at the metric of a worker, where nothing calls for one sooner. */
  @Transform(toNumber)
  @IsInt(INTERVAL)
  @Min(1, INTERVAL)
  @Max(600, INTERVAL)
  SCALING_INTERVAL_SECONDS = 15;
}
