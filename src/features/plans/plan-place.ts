import type { AppRow, EnvironmentRow } from '../../store/entities/index.js';
import type { SeenApp } from '../../observation/what-if-worlds.js';

/** The app and the environment of a plan. */
export interface PlanPlace {
  readonly app: AppRow;
  readonly environment: EnvironmentRow;
  /** Name of the app's stack. */
  readonly stack: string;
}

/** What a plan of an app leaves out or takes for granted. */
export function notesOf({ outlook }: SeenApp): string[] {
  const { state, observed, steps } = outlook;
  const name = state.app.name;
  const unseen = observed.silent.filter((host) => state.instances.some((each) => each.host === host));
  const due = steps.length === 1 ? '1 step is' : `${steps.length} steps are`;
  return [
    ...unseen.map((host) => `Host ${host} does not answer: what ${name} has there is taken to stay.`),
    ...(steps.length === 0 ? [] : [`Of ${name}, ${due} due anyway, without this change.`]),
  ];
}

/** That a deploy decides, where one is in progress; null where none is. */
export function inProgressNote({ outlook: { state } }: SeenApp): string | null {
  if (state.rollout === null) return null;
  return `Deploy ${state.rollout.id} of ${state.app.name} is in progress and decides until it ends.`;
}
