import type { Schemas } from '../../../typescript/src/index.js';

type Deploy = Schemas['DeployDto'];
type Instance = Schemas['InstanceDto'];

const ASKED = '2026-01-01T00:00:00.000Z';

const APP: Schemas['AppDto'] = {
  ...{ id: '7', name: 'sample', repo: 'jockey/sample', stack: 'api', git_url: null },
  ...{ subscribe_to_github_webhook: false, report_to_github: false, deploy_queue: 'latest_wins' },
  ...{ release_command: '', release_timeout_seconds: 600, build_method: 'auto', dockerfile: 'Dockerfile' },
  ...{ build_context: '.', build_target: null, build_args: {}, builder_image: null, build_queue: 'all' },
  ...{ build_timeout_minutes: null, created_at: ASKED, updated_at: ASKED },
};

const BUILD: Schemas['BuildDto'] = {
  ...{ id: '12', app: APP, ref: 'main', rref: '6e1f0c0a4d5b78c3c0cc3c3ad8b3b6d0d7e8f901', branch: 'main' },
  ...{ state: 'completed', phase: 'settled', outcome: 'succeeded', image: 'registry.example.com/sample@sha256:1' },
  ...{ failure_reason: null, method: 'dockerfile', method_reason: null, process_types: [], provenance: null },
  ...{ requested_by: 'octocat', cancel_reason: null, callback_url: null, container_host: 'h3', container_id: null },
  ...{ attempts: 1, host_losses: 0, created_at: ASKED, started_at: '2026-01-01T00:00:01.000Z' },
  ...{ completed_at: '2026-01-01T00:00:09.000Z', log_removed_at: null, image_removed_at: null },
};

/** A deploy for specs: it was asked for at 00:00:00, and its containers are being started. */
export function aDeploy(more: Partial<Deploy> = {}): Deploy {
  return {
    ...{ id: '17', state: 'deploying', outcome: null, kind: 'deploy', release: null, from_release: null },
    ...{ queued: false, position: null, automatic: false, build: BUILD, app: APP, rref: BUILD.rref },
    ...{ environment: { id: '3', name: 'production' }, created_at: ASKED, updated_at: ASKED, completed_at: null },
    ...{ failure_reason: null, failure: null, waits_for_room: null, paused_because: null, cancel_requested_at: null },
    ...{ release_command: null, probe: null, container_host: null, container_id: null, callback_url: null },
    ...{ notice: null, instances: [] },
    ...more,
  };
}

/** Its build, otherwise. */
export function aBuild(more: Partial<Schemas['BuildDto']> = {}): Schemas['BuildDto'] {
  return { ...BUILD, ...more };
}

/** Its app, otherwise. */
export function anApp(more: Partial<Schemas['AppDto']> = {}): Schemas['AppDto'] {
  return { ...APP, ...more };
}

/** An instance of it. */
export function anInstance(worker: string, slot: number, more: Partial<Instance> = {}): Instance {
  const id = `sample-production-${worker}-${slot}-d17`;
  return { id, worker, slot, host: `h${slot}`, port: 20_000, state: 'healthy', failure: null, ...more };
}

/** What an instance leaves that ended by itself. */
export function aFailure(more: Partial<Schemas['FailureDto']> = {}): Schemas['FailureDto'] {
  return {
    ...{ cause: 'It ended with exit code 3.', kind: 'exited', exit_code: 3, signal: null, out_of_memory: false },
    ...{ last_check: null, last_checks: [], last_lines: ['starting', 'no such table: users'] },
    ...more,
  };
}
