import { NO_TRACES } from '../../src/ports/tracer.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import { Bell } from '../../src/engine/app-environments/bell.js';
import { Flights } from '../../src/engine/app-environments/flights.js';
import type { Look } from '../../src/engine/app-environments/pass.js';
import { ReleaseCommandRunner, type ReleaseCommandAnswer } from '../../src/engine/app-environments/release-command.js';
import { ReleaseContainers } from '../../src/engine/app-environments/release-containers.js';
import { Stories } from '../../src/engine/app-environments/story.js';
import { AppRow, DeployRow } from '../../src/store/entities/index.js';
import { type Lease, Leases } from '../../src/store/leases.js';
import { LogBook } from '../../src/store/log-book.js';
import { Redactors } from '../../src/store/redactors.js';
import { SecretBox } from '../../src/store/secret-box.js';
import { AppEnvironments } from '../../src/store/repositories/app-environments.js';
import { ReleaseCommands } from '../../src/store/repositories/release-commands.js';
import { FakeDockerHosts } from '../fakes/fake-docker-hosts.js';
import { FakeHostCatalog } from '../fakes/fake-host-catalog.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';

let scene: EngineScene;
let deployId: string;
beforeEach(async () => {
  scene = await EngineScene.set(1);
  await scene.dataSource.manager.update(
    AppRow,
    { name: 'sample' },
    { releaseCommand: 'bin/migrate --all', releaseTimeoutSeconds: 20 },
  );
  deployId = await scene.askForDeploy();
  await scene.dataSource.manager.update(DeployRow, deployId, { state: 'deploying', deployingAt: new Date() });
});
afterEach(() => scene.stop());

const redactors = () => new Redactors(scene.dataSource, new SecretBox(null));

/** One engine's pass over a release command, alone: without the rollout around it. */
class ReleasePass {
  readonly flights = new Flights(() => undefined);
  private readonly appEnvironments = new AppEnvironments(scene.dataSource);
  private readonly leases = new Leases(scene.dataSource);
  private readonly runner = new ReleaseCommandRunner(
    new SystemClock(),
    new FakeHostCatalog(scene.world),
    new ReleaseContainers(new FakeDockerHosts(scene.world), redactors()),
    new ReleaseCommands(scene.dataSource),
  );
  private lease: Lease | null = null;

  async look(how: 'look' | 'takeBack' = 'look'): Promise<ReleaseCommandAnswer> {
    this.flights.beginLook();
    const state = await this.appEnvironments.read(scene.key);
    if (state?.rollout == null) throw new Error('there should be a deploy in progress');
    const stories = new Stories(new LogBook(scene.dataSource, redactors()), redactors());
    const story = stories.begin([{ subject: 'deploy', id: deployId }], {}, scene.key);
    const contentsOf = async (id: string) => ({
      ...(await this.appEnvironments.contentsOf(id)),
      ...{ app: state.app.name, repo: state.app.repo, environment: state.environment, routingHost: null },
    });
    const variablesOf = async () => ({ DATABASE: 'db' });
    const pass = { lease: await this.held(), bell: new Bell(), signal: new AbortController().signal };
    const spanOf = () => NO_TRACES.begin({ name: 'step', kind: 'internal', parent: null });
    const context = { lease: pass.lease, story, contentsOf, variablesOf, spanOf };
    const look: Look = { pass, state, story, flights: this.flights, context };
    return this.runner[how](look, state.rollout);
  }

  /** Looks until it is known whether the rollout may begin. */
  async end(how: 'look' | 'takeBack' = 'look'): Promise<ReleaseCommandAnswer> {
    return eventually('the end of the release command', async () => {
      const answer = await this.look(how);
      return answer.kind !== 'wait' && answer;
    });
  }

  private async held(): Promise<Lease> {
    const request = { key: 'app', holder: 'one', reason: 'a test', milliseconds: 600_000 };
    this.lease ??= await this.leases.take(request);
    if (this.lease === null) throw new Error('another pass holds the lease');
    return this.lease;
  }
}

const starts = () => scene.world.calls.filter(({ method }) => method === 'docker.start');
const run = async () => (await scene.deploy(deployId)).releaseCommand;
const containers = () => [...scene.world.machines.values()].flatMap((machine) => [...machine.containers.values()]);

describe('a release command', () => {
  it('runs once in the new image, with the variables and without a port, and leaves nothing', async () => {
    let seen: unknown = null;
    scene.world.fateOf = (spec) => {
      seen = spec;
      return { endsAfter: 100, lines: ['migrating', 'done'] };
    };
    const pass = new ReleasePass();
    expect(await pass.end()).toEqual({ kind: 'done' });
    expect(seen).toMatchObject({
      name: `sample-production-release-d${deployId}`,
      command: ['bin/migrate', '--all'],
      env: { DATABASE: 'db' },
      publish: null,
      labels: { 'io.jockey.worker': 'release', 'io.jockey.deploy': deployId },
    });
    expect(await run()).toMatchObject({ state: 'succeeded', exitCode: 0, host: 'h1' });
    await eventually('its container is gone', () => containers().length === 0);
    expect(await scene.story(deployId)).toContain('release | migrating\nrelease | done');
    expect(await pass.look()).toEqual({ kind: 'done' });
    expect(starts()).toHaveLength(1);
  });

  it('is written before its container is made', async () => {
    scene.world.fateOf = () => ({ endsAfter: 50 });
    let written: unknown = null;
    scene.world.before = async ({ method }) => {
      if (method === 'docker.start') written = (await run())?.state;
    };
    await new ReleasePass().end();
    expect(written).toBe('running');
  });

  it('that fails says exit code, signal and last words, and keeps the last 50 lines', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => `line ${index}`);
    scene.world.fateOf = () => ({ endsAfter: 0, exitCode: 137, lines });
    const answer = await new ReleasePass().end();
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: 'the release command ended with exit code 137 (SIGKILL): line 59',
      failure: { exitCode: 137, signal: 'SIGKILL' },
    });
    expect((await run())?.failure?.lastLines).toEqual(lines.slice(10));
    expect(await scene.story(deployId)).toContain('release | line 0');
    await eventually('its container is gone', () => containers().length === 0);
  });

  it('that takes too long is stopped', async () => {
    await scene.dataSource.manager.update(AppRow, { name: 'sample' }, { releaseTimeoutSeconds: 1 });
    const answer = await new ReleasePass().end();
    expect(answer).toMatchObject({ kind: 'failed', reason: 'the release command did not end within 1 s' });
    expect(containers()).toEqual([]);
  });

  it('that cannot be pulled fails at once, with the words of the registry', async () => {
    scene.world.registry.clear();
    expect(await new ReleasePass().end()).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('manifest unknown') as string,
    });
  });

  it('waits for one that an engine began and did not live to see the end of', async () => {
    scene.world.fateOf = () => ({ endsAfter: 500 });
    const first = new ReleasePass();
    await eventually('it runs', async () => {
      await first.look();
      return containers().length === 1;
    });
    await scene.leasesRunOut();
    expect(await new ReleasePass().end()).toEqual({ kind: 'done' });
    expect(starts()).toHaveLength(1);
  });

  it('takes the end of one that ended while no engine lived', async () => {
    scene.world.fateOf = () => ({ endsAfter: 0, exitCode: 4 });
    const first = new ReleasePass();
    await eventually('it was started', async () => (await first.look(), starts().length === 1));
    await first.flights.land();
    await scene.leasesRunOut();
    expect(await new ReleasePass().end()).toMatchObject({ kind: 'failed', failure: { exitCode: 4 } });
    expect(starts()).toHaveLength(1);
  });

  it('that is written and never began is begun', async () => {
    scene.world.fateOf = () => ({ endsAfter: 0 });
    scene.world.before = ({ method }) => (method === 'docker.start' ? new Promise<never>(() => undefined) : undefined);
    const first = new ReleasePass();
    await eventually('it was to be started', async () => (await first.look(), starts().length === 1));
    scene.world.before = () => undefined;
    await scene.leasesRunOut();
    expect(await new ReleasePass().end()).toEqual({ kind: 'done' });
    expect(starts()).toHaveLength(2);
  });

  it('is not begun elsewhere while its host is silent, and ended when its time is over', async () => {
    await scene.dataSource.manager.update(AppRow, { name: 'sample' }, { releaseTimeoutSeconds: 2 });
    const pass = new ReleasePass();
    await eventually('it runs', async () => (await pass.look(), containers().length === 1));
    scene.world.cut('h1');
    const answer = await pass.end();
    expect(answer).toMatchObject({
      reason: expect.stringContaining('host h1, where it began, does not answer') as string,
    });
    expect(starts()).toHaveLength(1);
  });

  it('is begun on another host when the first does not answer', async () => {
    scene.world.fateOf = () => ({ endsAfter: 0 });
    scene.world.machine('h1').answers = false;
    const pass = new ReleasePass();
    await eventually(
      'h1 was tried',
      async () => (await pass.look(), scene.world.calls.some(({ host }) => host === 'h1')),
    );
    expect(await pass.end()).toEqual({ kind: 'done' });
    expect((await run())?.host).not.toBe('h1');
  });

  it('of a canceled deploy is stopped and gone before the answer is that it is done', async () => {
    const pass = new ReleasePass();
    await eventually('it runs', async () => (await pass.look(), containers().length === 1));
    expect(await pass.end('takeBack')).toEqual({ kind: 'done' });
    expect(containers()).toEqual([]);
    expect(await run()).toMatchObject({ state: 'failed', exitCode: null });
  });

  it('does not run beside one that a superseded deploy left', async () => {
    const left = { 'io.jockey.app': 'sample', 'io.jockey.environment': 'production' };
    const labels = { ...left, 'io.jockey.worker': 'release', 'io.jockey.slot': '0', 'io.jockey.deploy': '0' };
    const rest = { image: 'x', command: [], env: {}, publish: null, stopGraceSeconds: 0, stopSignal: 'SIGTERM' };
    const resources = { memoryMb: 16, cpus: 0.1 };
    const container = scene.world.put('h2', { name: 'sample-production-release-d0', labels, resources, ...rest });
    container.startedAt = Date.now();
    let beside: number | null = null;
    scene.world.fateOf = () => ({ endsAfter: 0 });
    scene.world.before = ({ method }) => {
      if (method === 'docker.start') beside = scene.world.machine('h2').containers.size;
    };
    expect(await new ReleasePass().end()).toEqual({ kind: 'done' });
    expect(beside).toBe(0);
  });
});
