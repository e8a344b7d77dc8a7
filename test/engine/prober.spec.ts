import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import type { RouteProbe } from '../../src/domain/worker/worker.js';
import { Prober, probesOf } from '../../src/engine/app-environments/prober.js';
import { EngineIdentity } from '../../src/engine/engine-identity.js';
import { ProbeResults } from '../../src/store/repositories/probe-results.js';
import { FakeHttpProbe } from '../fakes/fake-http-probe.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';

const PROBE: RouteProbe = { url: 'http://router/', host: 'sample.example.com', allowedFailures: 2 };

let scene: EngineScene;
let deployId: string;
let http: FakeHttpProbe;
let pass: AbortController;
beforeEach(async () => {
  scene = await EngineScene.set(1);
  deployId = await scene.askForDeploy();
  http = new FakeHttpProbe();
  pass = new AbortController();
});
afterEach(async () => {
  pass.abort();
  await scene.stop();
});

const prober = () => new Prober(new SystemClock(), http, new ProbeResults(scene.dataSource), new EngineIdentity());
const begin = (one: Prober, probes: readonly RouteProbe[] = [PROBE]) =>
  one.begin({ deployId, probes, signal: pass.signal });
const written = async () => (await scene.deploy(deployId)).probe;

describe('the prober', () => {
  it('asks again and again until its end, and writes what it saw', async () => {
    const one = prober();
    await begin(one);
    await begin(one);
    await eventually('some requests', () => http.asked.length >= 5);
    expect(await one.end(deployId)).toBeNull();
    const asked = http.asked.length;
    expect(await written()).toMatchObject({ requests: asked, failures: 0, lastFailure: null });
    expect(http.asked[0]).toMatchObject({ url: PROBE.url, host: PROBE.host });
  });

  it('writes each second, so that a killed engine loses little', async () => {
    await begin(prober());
    const first = await eventually('the first word', written);
    const second = await eventually('the second', async () => {
      const now = await written();
      return (now?.requests ?? 0) > first.requests && now;
    });
    expect(second.requests).toBeLessThanOrEqual(http.asked.length);
  });

  it('adds to what a killed engine had written', async () => {
    await new ProbeResults(scene.dataSource).keep(deployId, {
      ...{ requests: 1_000, failures: 2, p99Ms: 400, lastFailure: 'before' },
    });
    const one = prober();
    await begin(one);
    await eventually('a request', () => http.asked.length > 0);
    expect(one.failures(deployId)).toBe(2);
    await one.end(deployId);
    const probe = await written();
    expect(probe).toMatchObject({ failures: 2, p99Ms: 400, lastFailure: 'before' });
    expect(probe?.requests).toBe(1_000 + http.asked.length);
  });

  it('says when more failed than may', async () => {
    http.fateOf = () =>
      http.asked.length > 4 ? { failure: 'connect ECONNREFUSED' } : { status: 200, milliseconds: 1 };
    const one = prober();
    await begin(one);
    const why = await eventually('it is broken', () => one.broken(deployId));
    expect(why).toContain('3 requests to http://router/ (as sample.example.com) failed');
    expect(why).toContain('ECONNREFUSED');
    expect(await one.end(deployId)).toContain('failed while traffic moved');
    expect((await written())?.failures).toBeGreaterThanOrEqual(3);
  });

  it('waits at its end for what is still asked, so that the last request counts too', async () => {
    const answers: (() => void)[] = [];
    http.fateOf = () => new Promise((resolve) => answers.push(() => resolve({ status: 503, milliseconds: 9 })));
    const one = prober();
    await begin(one, [{ ...PROBE, allowedFailures: 0 }]);
    await eventually('a request', () => answers.length > 0);
    const end = one.end(deployId);
    expect(await Promise.race([end, Promise.resolve('still asked')])).toBe('still asked');
    for (const answer of answers) answer();
    expect(await end).toContain('answered 503');
  });

  it('counts nothing that was broken off with its pass', async () => {
    http.fateOf = () => 'silence';
    const one = prober();
    await begin(one);
    await eventually('a request', () => http.asked.length > 0);
    pass.abort();
    await one.end(deployId);
    expect((await written())?.failures ?? 0).toBe(0);
  });

  it('asks nothing where no worker wants it', async () => {
    const one = prober();
    await begin(one, []);
    expect(await one.end(deployId)).toBeNull();
    expect(http.asked).toEqual([]);
    expect(await written()).toBeNull();
  });
});

it('asks for each address once, however many workers name it', () => {
  expect(
    probesOf([{ probe: PROBE }, { probe: null }, { probe: { ...PROBE } }, { probe: { ...PROBE, host: null } }]),
  ).toHaveLength(2);
});
