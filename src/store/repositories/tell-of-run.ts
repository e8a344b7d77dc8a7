import type { EntityManager } from 'typeorm';
import type { EventKind } from '../../domain/event/event-kind.js';
import { runLifecycle, type RunState } from '../../domain/run/run-lifecycle.js';
import { RunRow } from '../entities/index.js';
import { Events } from './events.js';

type RunEventKind = Extract<EventKind, `run.${string}`>;

/** What is told of a run that got into a state; null for a small step on its way. */
export function runKindOf(state: RunState | undefined): RunEventKind | null {
  if (state === undefined) return null;
  if (state === 'running') return 'run.started';
  return runLifecycle.isFinal(state) ? 'run.ended' : null;
}

/**
 * Records what became of a run, as its row says it now. What it runs and what it said at its end may have secrets in them:
 * they stand in the row alone, which the API takes them out of.
 */
export async function tellOfRun(manager: EntityManager, kind: RunEventKind, id: string): Promise<void> {
  const run = await manager.findOneByOrFail(RunRow, { id });
  const data = {
    ...{ kind: run.kind, state: run.state, requested_by: run.requestedBy, instance_id: run.instanceId },
    ...{ host: run.host, outcome: run.outcome, exit_code: run.exitCode },
  };
  const { appId, environmentId } = run;
  await Events.record(manager, { kind, appId, environmentId, subject: 'run', subjectId: id, data });
}
