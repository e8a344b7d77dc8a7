import { Reference } from '../../http/input/fields.js';

/** Where workers are to be suggested. */
export class WorkerSuggestionsQueryDto {
  /** The app, by name or id. */
  @Reference('app', { example: 'sample' })
  app!: string;

  /** The environment, by name or id. */
  @Reference('environment', { example: 'production' })
  environment!: string;
}

/** A worker that could run a process type of the image. */
export class WorkerSuggestionDto {
  /** The process type, as the Procfile or the buildpacks name it. */
  process_type!: string;

  /** What the worker could be called; null where no worker can be called so: choose another name. */
  name!: string | null;

  /** What the worker's command should be. */
  command!: string;

  /** The command as it was declared, which that one starts. */
  declared!: string;
}

/** The build that the suggestions come from. */
export class SuggestingBuildDto {
  /** Its id: `GET /builds/:id`. */
  id!: string;

  /** Its commit: 40 hexadecimal digits. */
  rref!: string;

  /** How its image was made. */
  method!: string | null;
}

/** Process types of an app's newest image that no worker runs. */
export class WorkerSuggestionsDto {
  /** The newest completed build; null where there is none. */
  build!: SuggestingBuildDto | null;

  /** In the order in which they were declared. `POST /workers` with `name` and `command` takes one up. */
  suggestions!: WorkerSuggestionDto[];
}

/** Suggestions as an answer shows them. */
export const WORKER_SUGGESTIONS_EXAMPLE: WorkerSuggestionsDto = {
  build: { id: '12', rref: '678d49f786ba777441ee9106c1be390048c539ac', method: 'buildstep' },
  suggestions: [
    { process_type: 'mailer', name: 'mailer', command: '/start mailer', declared: 'bundle exec rake mail:work' },
  ],
};
