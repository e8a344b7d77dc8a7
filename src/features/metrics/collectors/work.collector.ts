import { Injectable } from '@nestjs/common';
import { DEPLOY_OUTCOMES } from '../../../domain/deploy/deploy-lifecycle.js';
import { BUILD_OUTCOMES } from '../../../domain/build/build-lifecycle.js';
import type { Settled } from '../../../store/figures/settled-spread.js';
import { WorkFigures } from '../../../store/figures/work-figures.js';
import { MOST_PLACES, withinNames } from '../bounded.js';
import { type Collector, type Figure, type Labels, settledFigures, type Spread, spreadOf } from '../figure.js';

/** The stages of deploys that have not ended. */
const STAGES = ['queued', 'created', 'building', 'deploying', 'paused', 'waiting_for_room', 'reverting'] as const;

const BUILDS = {
  total: 'jockey_builds_settled_total',
  lengths: 'jockey_build_duration_seconds',
  label: 'outcome',
} as const;
const RECONCILES = {
  total: 'jockey_reconciles_settled_total',
  lengths: 'jockey_reconcile_duration_seconds',
  label: 'state',
} as const;

/** What has become of builds, deploys, reconciles and instances since the beginning, and how long each took. */
@Injectable()
export class WorkCollector implements Collector {
  readonly name = 'work';

  constructor(private readonly figures: WorkFigures) {}

  async read(): Promise<readonly (Figure | Spread)[]> {
    return [
      ...(await this.builds()),
      ...(await this.deploys()),
      ...(await this.openDeploys()),
      ...(await this.reconciles()),
      ...(await this.healths()),
      ...(await this.lastSign()),
    ];
  }

  private async builds(): Promise<(Figure | Spread)[]> {
    const ends = settledFigures(BUILDS, BUILD_OUTCOMES, await this.figures.builds.read());
    const [waits] = await this.figures.buildWaits.read();
    return waits === undefined ? ends : [...ends, spreadOf('jockey_build_wait_seconds', {}, waits)];
  }

  /** Each environment has every outcome: a counter that begins at 1 would hide its first failure. */
  private async deploys(): Promise<(Figure | Spread)[]> {
    const settled = inBounds(await this.figures.deploys.read());
    const environments = [...new Set(settled.map(({ labels }) => labels[0] ?? ''))];
    return environments.flatMap((environment) =>
      DEPLOY_OUTCOMES.flatMap((outcome) => {
        const labels = { environment, outcome };
        const each = settled.find(({ labels: [place, end] }) => place === environment && end === outcome);
        const total: Figure = { metric: 'jockey_deploys_settled_total', labels, value: each?.count ?? 0 };
        return each === undefined ? [total] : [total, spreadOf('jockey_deploy_duration_seconds', labels, each)];
      }),
    );
  }

  private async openDeploys(): Promise<Figure[]> {
    const open = new Map((await this.figures.openDeploys()).map((each) => [each.stage, each]));
    return STAGES.flatMap((stage): Figure[] => [
      { metric: 'jockey_deploys_in_progress', labels: { stage }, value: open.get(stage)?.count ?? 0 },
      { metric: 'jockey_deploy_oldest_seconds', labels: { stage }, value: open.get(stage)?.oldest ?? 0 },
    ]);
  }

  private async reconciles(): Promise<(Figure | Spread)[]> {
    return settledFigures(RECONCILES, ['completed', 'failed'], await this.figures.reconciles.read());
  }

  private async healths(): Promise<Spread[]> {
    return inBounds(await this.figures.healths.read()).map((each) =>
      spreadOf('jockey_instance_healthy_seconds', { environment: each.labels[0] ?? '' } satisfies Labels, each),
    );
  }

  private async lastSign(): Promise<Figure[]> {
    const { at } = await this.figures.lastSign();
    return at === null ? [] : [{ metric: 'jockey_engine_last_sign_timestamp_seconds', value: at }];
  }
}

/** Those of environments beyond the limit are put together. The first label is the environment. */
function inBounds(all: readonly Settled[]): Settled[] {
  const named = withinNames(
    all.map(({ labels: [environment = ''] }) => environment),
    MOST_PLACES,
  );
  const merged = new Map<string, Settled>();
  for (const each of all) {
    const labels = [named(each.labels[0] ?? ''), ...each.labels.slice(1)];
    const key = labels.join(' ');
    merged.set(key, together(merged.get(key), { ...each, labels }));
  }
  return [...merged.values()];
}

function together(one: Settled | undefined, other: Settled): Settled {
  if (one === undefined) return other;
  return {
    labels: one.labels,
    count: one.count + other.count,
    buckets: one.buckets.map((each, at) => each + (other.buckets[at] ?? 0)),
    seconds: one.seconds + other.seconds,
  };
}
