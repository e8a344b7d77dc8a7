import { Injectable } from '@nestjs/common';
import { FigureReader } from './figure-reader.js';
import { SettledSpread } from './settled-spread.js';

/** Lengths that builds, deploys and the way to health are sorted by, in seconds. */
export const WORK_LIMITS = [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600] as const;

/** Deploys that have not ended. */
export interface OpenDeploys {
  /** `queued`, `created`, `building`, `deploying`, `paused`, `waiting_for_room` or `reverting`. */
  readonly stage: string;
  readonly count: number;
  /** Age of the oldest, in seconds. */
  readonly oldest: number;
}

/** When an engine last did something that left a trace, in seconds since 1970. */
export interface EngineSign {
  readonly at: number | null;
}

/** Builds, deploys and reconciles: those in progress, and what has become of the others. */
@Injectable()
export class WorkFigures {
  /** By outcome, with the time from the first beginning to the end. */
  readonly builds: SettledSpread;
  /** All that ever began, with the time that they had waited for their turn. */
  readonly buildWaits: SettledSpread;
  /** By environment and outcome, with the time from the asking to the end. */
  readonly deploys: SettledSpread;
  /** By state, those that were asked for; with the time from the asking to the end. */
  readonly reconciles: SettledSpread;
  /** Instances that ever got healthy, with the time from their planning. */
  readonly healths: SettledSpread;

  constructor(private readonly reader: FigureReader) {
    this.builds = this.spread('builds it', 'it.completed_at', { since: 'it.started_at', labels: ['it.outcome'] });
    this.buildWaits = this.spread('builds it', 'it.started_at', { since: 'it.created_at', labels: [] });
    this.deploys = this.spread(
      'deploys it JOIN environments place ON place.id = it.environment_id',
      'it.completed_at',
      { since: 'it.created_at', labels: ['place.name', 'it.outcome'] },
    );
    this.reconciles = this.spread('reconciles it', 'it.completed_at', { since: 'it.created_at', labels: ['it.state'] });
    this.healths = this.spread(
      'instances it JOIN environments place ON place.id = it.environment_id',
      'it.healthy_at',
      { since: 'it.planned_at', labels: ['place.name'] },
    );
  }

  /** Deploys that have not ended, by how far they are. */
  async openDeploys(): Promise<readonly OpenDeploys[]> {
    return this.reader.rows<OpenDeploys>(
      `SELECT stage, count(*)::int AS count, extract(epoch FROM now() - min(created_at))::float AS oldest FROM (
         SELECT created_at, CASE WHEN queued THEN 'queued' WHEN failing_at IS NOT NULL THEN 'reverting'
           WHEN paused_at IS NOT NULL THEN 'paused' WHEN room_wanted_since IS NOT NULL THEN 'waiting_for_room'
           ELSE state END AS stage
         FROM deploys WHERE state IN ('created', 'building', 'deploying')) open GROUP BY stage`,
    );
  }

  /** When an engine last began to look at an app in an environment; each does at least once a minute. */
  async lastSign(): Promise<EngineSign> {
    const rows = await this.reader.rows<EngineSign>(
      `SELECT extract(epoch FROM max(acquired_at))::float AS at FROM leases WHERE key NOT LIKE 'build:%'`,
    );
    return rows[0] ?? { at: null };
  }

  private spread(
    from: string,
    at: string,
    { since, labels }: { readonly since: string; readonly labels: readonly string[] },
  ): SettledSpread {
    const seconds = `extract(epoch FROM ${at} - ${since})`;
    return new SettledSpread(this.reader, { from, at, seconds, labels, limits: WORK_LIMITS });
  }
}
