import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DeployRow } from '../entities/index.js';
import { withinSight } from '../within-sight.js';

/** Which deploys are looked at. */
export interface HistoryRange {
  /** How many days, today included. */
  readonly days: number;
  /** Id of the only app; all where nothing is said. */
  readonly appId?: string;
  /** Id of the only environment; all where nothing is said. */
  readonly environmentId?: string;
}

/** What was counted; seconds are null where nothing was. */
export interface DeployFigures {
  /** Deploys that settled, but for those that were canceled or superseded. */
  readonly settled: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Those that succeeded and were then rolled back from. */
  readonly undone: number;
  /** From being asked for to being proven, of those that succeeded. */
  readonly deployP50: number | null;
  readonly deployP95: number | null;
  /** How often what had failed, or had to be undone, was made good by a deploy that succeeded. */
  readonly restored: number;
  readonly restoreP50: number | null;
}

/** The figures of one day. */
export interface DayFigures extends DeployFigures {
  /** `2026-11-21`, of UTC. */
  readonly day: string;
}

/** Before the range, so that what failed before it and was made good within it is known: days. */
export const LOOK_BACK = 30;

const DAY = `(completed_at AT TIME ZONE 'UTC')::date`;

/**
 * What can be said of deploys in hindsight. A deploy counts on the day on which it settled, by UTC. What nobody wanted
 * any more, because it was canceled or superseded, says nothing of how deploys go.
 *
 * `undone`: the next deploy of the same place that succeeded was a rollback. `broken_at` is when the trouble began that a
 * deploy ended: the first failure since the last success, or where the deploy is a rollback, the success that it undid.
 */
const SETTLED = (base: string): string => `
  WITH settled AS (SELECT *, outcome = 'succeeded' AS ok FROM (${base}) base),
  runs AS (
    SELECT *, COUNT(*) FILTER (WHERE ok) OVER (place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS run,
      LAG(completed_at) OVER (PARTITION BY app_id, environment_id, ok ORDER BY completed_at, id) AS ok_before,
      LEAD(kind) OVER (PARTITION BY app_id, environment_id, ok ORDER BY completed_at, id) AS ok_after
    FROM settled WINDOW place AS (PARTITION BY app_id, environment_id ORDER BY completed_at, id)
  ),
  told AS (
    SELECT id, ok, completed_at, extract(epoch FROM completed_at - created_at) AS took,
      ok AND ok_after = 'rollback' AS undone,
      CASE WHEN ok THEN extract(epoch FROM completed_at - CASE WHEN kind = 'rollback' THEN ok_before
        ELSE MIN(completed_at) FILTER (WHERE NOT ok) OVER (PARTITION BY app_id, environment_id, run) END) END AS restoring
    FROM runs
  ),
  days AS (
    SELECT day::date FROM generate_series(
      (now() AT TIME ZONE 'UTC')::date - ($DAYS::integer - 1), (now() AT TIME ZONE 'UTC')::date, interval '1 day') day
  )`;

const FIGURES = `
  COUNT(id)::integer AS settled,
  COUNT(id) FILTER (WHERE ok)::integer AS succeeded,
  COUNT(id) FILTER (WHERE NOT ok)::integer AS failed,
  COUNT(id) FILTER (WHERE undone)::integer AS undone,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY took) FILTER (WHERE ok) AS "deployP50",
  percentile_cont(0.95) WITHIN GROUP (ORDER BY took) FILTER (WHERE ok) AS "deployP95",
  COUNT(restoring)::integer AS restored,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY restoring) AS "restoreP50"`;

/** Figures of the deploys that the present caller may see. */
@Injectable()
export class DeployHistory {
  constructor(private readonly dataSource: DataSource) {}

  /** Every day of the range, oldest first, and all of it together. */
  async of(range: HistoryRange): Promise<{ days: readonly DayFigures[]; total: DeployFigures }> {
    const { sql, parameters } = this.base(range);
    const rows = await this.dataSource.query<(DayFigures | (DeployFigures & { day: null }))[]>(
      `${SETTLED(sql).replace('$DAYS', `$${parameters.length + 1}`)}
       SELECT to_char(day, 'YYYY-MM-DD') AS day, ${FIGURES} FROM days LEFT JOIN told ON ${DAY} = day
       GROUP BY GROUPING SETS ((day), ()) ORDER BY day`,
      [...parameters, range.days],
    );
    const days = rows.filter((row): row is DayFigures => row.day !== null);
    const total = rows.find((row) => row.day === null);
    if (total === undefined) throw new Error('figures without a total');
    return { days, total };
  }

  private base({ days, appId, environmentId }: HistoryRange): { sql: string; parameters: unknown[] } {
    const select = this.dataSource
      .createQueryBuilder(DeployRow, 'deploy')
      .select('deploy.id', 'id')
      .addSelect('deploy.appId', 'app_id')
      .addSelect('deploy.environmentId', 'environment_id')
      .addSelect('deploy.kind', 'kind')
      .addSelect('deploy.outcome', 'outcome')
      .addSelect('deploy.createdAt', 'created_at')
      .addSelect('deploy.completedAt', 'completed_at')
      .where(`deploy.outcome NOT IN ('canceled', 'superseded')`)
      .andWhere('deploy.completedAt >= now() - make_interval(days => CAST(:reach AS integer))', {
        reach: days + LOOK_BACK,
      });
    if (appId !== undefined) select.andWhere({ appId });
    if (environmentId !== undefined) select.andWhere({ environmentId });
    const [sql, parameters] = withinSight(select, {
      app: 'deploy.appId',
      environment: 'deploy.environmentId',
    }).getQueryAndParameters();
    return { sql, parameters };
  }
}
