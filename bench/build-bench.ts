import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { JockeyClient } from '../tools/jockey/jockey-client.js';
import { commitSample, writeBuildSample } from './build-sample.js';
import { buildByHand, type ByHand } from './by-hand.js';

/** Where a round is measured. */
export interface BuildPlaces {
  readonly client: JockeyClient;
  /** What GIT_LOCAL_ROOT is set to. */
  readonly gitRoot: string;
  /** `host:port` */
  readonly registry: string;
  /** The docker program. */
  readonly docker: string;
  /** Address of the API of the engine that Jockey says it built on. */
  dockerUrlOf(host: string): string;
}

/** One build by Jockey beside the same by hand, in milliseconds. */
export interface BuildPair {
  /** From POST /builds to completed: fetched, built, pushed. */
  readonly jockey: number;
  readonly byHand: ByHand;
}

/** What a round measured: all caches cold, then nothing changed. */
export interface BuildRound {
  readonly first: BuildPair;
  readonly second: BuildPair;
}

interface Build {
  readonly id: string;
  readonly state: string;
  readonly container_host: string | null;
  readonly completed_at: string;
  readonly failure_reason: string | null;
}

/** Builds a sample app with Jockey and by hand, on the same host: every round an app of its own, new to every cache. */
export class BuildBench {
  constructor(private readonly places: BuildPlaces) {}

  /** One round. Jockey always begins, which does not favour it: the second of two may find the machine warmer. */
  async round(number: number): Promise<BuildRound> {
    const work = await mkdtemp(join(tmpdir(), 'jockey-bench-build-'));
    try {
      const name = `bench-build-${number}-${randomUUID().slice(0, 8)}`;
      const [own, hand] = [join(work, 'own'), join(work, 'hand')];
      await writeBuildSample(own, randomUUID());
      await writeBuildSample(hand, randomUUID());
      await this.places.client.post('/apps', { name, repo: `bench/${name}`, stack: 'api' });
      const first = await this.pair(name, { own, hand });
      return { first, second: await this.pair(name, { own, hand }) };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  private async pair(name: string, { own, hand }: { own: string; hand: string }): Promise<BuildPair> {
    const { gitRoot, registry, docker, dockerUrlOf } = this.places;
    await commitSample(own, join(gitRoot, 'bench', `${name}.git`));
    const { host, milliseconds } = await this.build(name);
    const dockerUrl = dockerUrlOf(host);
    const byHand = await buildByHand({ docker, dockerUrl, folder: hand, tag: `${registry}/${name}-by-hand:1` });
    return { jockey: milliseconds, byHand };
  }

  private async build(app: string): Promise<{ host: string; milliseconds: number }> {
    const { client } = this.places;
    const begun = Date.now();
    const asked = await client.post<Build>('/builds?wait=60', { app, ref: 'main' });
    const build = asked.state === 'completed' ? asked : await client.get<Build>(`/builds/${asked.id}?wait=60`);
    if (build.state !== 'completed' || build.container_host === null)
      throw new Error(`build ${build.id} is ${build.state}: ${build.failure_reason}`);
    return { host: build.container_host, milliseconds: Date.parse(build.completed_at) - begun };
  }
}
