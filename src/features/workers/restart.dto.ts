import { Field, Flag, Reference, show, Text } from '../../http/input/fields.js';

/** Which instances are restarted, and when. */
export class RestartOptionsDto {
  /** Whether only those are restarted whose check does not pass; all of them where nothing is said. */
  @Flag({ optional: true, example: false })
  only_unhealthy?: boolean;

  /** `false` is the original's word for `only_unhealthy: true`. */
  @Field('flag', healthyFault, { optional: true, example: false, schema: { type: 'boolean', enum: [false] } })
  healthy?: boolean;

  /** Whether it is begun although a deploy or a reconcile is in progress; it then waits for its turn. */
  @Flag({ optional: true, example: false })
  force?: boolean;
}

/** A restart of one worker, or of all workers, of an app in an environment. */
export class RestartWorkersDto extends RestartOptionsDto {
  /** The app, by name or id. */
  @Reference('app', { example: 'sample' })
  app!: string;

  /** The environment, by name or id. */
  @Reference('environment', { example: 'production' })
  environment!: string;

  /** The worker's name; all workers where none is named. */
  @Text({ max: 63, optional: true, nullable: true, shape: 'the name of a worker', example: 'web' })
  worker?: string | null;
}

function healthyFault(value: unknown): string | null {
  if (value === false) return null;
  return `is ${show(value)}, but can only be false, for a restart of the unhealthy; leave it out to restart all.`;
}
