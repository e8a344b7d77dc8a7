import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import { NodeOutboundHttp } from '../../src/adapters/outbound-http/node-outbound-http.js';
import { type Environment, parseEnvironment } from '../../src/config/environment.js';
import { arrived, type CarryResult, never, notNow } from '../../src/domain/delivery/carry-result.js';
import { LONGEST_TRY } from '../../src/domain/delivery/back-off.js';
import { DomainError } from '../../src/domain/kernel/errors.js';
import { rulesOf } from '../../src/domain/outbound/outbound-rules.js';
import type { Carrier, Parcel } from '../../src/engine/courier/carrier.js';
import { Courier } from '../../src/engine/courier/courier.js';
import { EngineIdentity } from '../../src/engine/engine-identity.js';
import { dataSourceOptions } from '../../src/store/data-source.js';
import { DeliveryBell } from '../../src/store/delivery-bell.js';
import { DeliveryRow, EventRow } from '../../src/store/entities/index.js';
import { BuildProgress } from '../../src/store/repositories/build-progress.js';
import { Deliveries } from '../../src/store/repositories/deliveries.js';
import { DueDeliveries } from '../../src/store/repositories/due-deliveries.js';
import { Events } from '../../src/store/repositories/events.js';
import { OldEvents } from '../../src/store/repositories/old-events.js';
import { putInOutbox } from '../../src/store/repositories/outbox.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';

let database: TestDatabase;
let store: DataSource;
let couriers: Courier[];

beforeAll(async () => {
  database = await createTestDatabase();
  store = await open();
});
afterAll(async () => {
  await store.destroy();
  await database.drop();
});
beforeEach(async () => {
  couriers = [];
  await store.query('TRUNCATE deliveries, events');
});
afterEach(async () => {
  await Promise.all(couriers.map((courier) => courier.stop()));
});

const open = (): Promise<DataSource> =>
  new DataSource({ ...dataSourceOptions(database.url), migrations: [] }).initialize();

/** Carries to a list, and does what a test says. */
class ListCarrier implements Carrier {
  readonly channel = 'github';
  readonly carried: string[] = [];
  fateOf: (parcel: Parcel, signal: AbortSignal) => CarryResult | Promise<CarryResult> = () => arrived(200, 'ok');

  async carry(parcel: Parcel, signal: AbortSignal): Promise<CarryResult> {
    this.carried.push(parcel.delivery.id);
    return this.fateOf(parcel, signal);
  }
}

const environmentOf = (): Environment =>
  parseEnvironment({
    DATABASE_URL: database.url,
    REDIS_URL: 'redis://unused',
    REGISTRY_ADDRESS: 'registry.test:5000',
    JOCKEY_BOOTSTRAP_TOKEN: 'unused-but-long-enough',
  });

/** A courier of an engine of its own, not started. */
function courierOf(carrier: Carrier, dataSource = store): Courier {
  const environment = environmentOf();
  const due = new DueDeliveries(dataSource);
  const courier = new Courier([carrier], new SystemClock(), due, new DeliveryBell(environment), new EngineIdentity());
  couriers.push(courier);
  return courier;
}

/** Puts so many into the outbox, and answers their ids. */
async function put(count: number, lane: string | null = null): Promise<string[]> {
  await store.transaction(async (manager) => {
    for (let number = 0; number < count; number += 1) {
      const about = { subject: 'build', subjectId: String(number + 1), data: {} } as const;
      const event = await Events.record(manager, { kind: 'build.started', appId: null, environmentId: null, ...about });
      await putInOutbox(manager, event, { channel: 'github', ...(lane === null ? {} : { lane }) });
    }
  });
  return (await store.manager.find(DeliveryRow, { order: { id: 'ASC' } })).map(({ id }) => id);
}

const row = (id: string): Promise<DeliveryRow> => store.manager.findOneByOrFail(DeliveryRow, { id });

const settled = (id: string, state: DeliveryRow['state']): Promise<DeliveryRow> =>
  eventually(`delivery ${id} is ${state}`, async () => {
    const found = await row(id);
    return found.state === state && found.holder === null ? found : null;
  });

/** The attempt is noted, and the next one waits. */
const failedOnce = (id: string, times: number): Promise<DeliveryRow> =>
  eventually(`delivery ${id} failed ${times} times`, async () => {
    const found = await row(id);
    return found.failedAttempts === times && found.holder === null ? found : null;
  });

const itIsTime = (): Promise<unknown> =>
  store.query(`UPDATE deliveries SET next_attempt_at = now() WHERE state = 'waiting'`);

describe('a courier', () => {
  it('is woken by what is put into the outbox, and brings out each once', async () => {
    const carrier = new ListCarrier();
    courierOf(carrier).start();
    await eventually('it listens', async () => {
      const [found] = await store.query<{ count: string }[]>(
        `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'jockey-bell' AND query LIKE 'LISTEN%' AND datname = current_database()`,
      );
      return found?.count === '1';
    });
    const ids = await put(30);
    // By itself it would look again after a minute, which is longer than is waited for one.
    for (const id of ids) expect(await settled(id, 'delivered')).toMatchObject({ failedAttempts: 0, lastStatus: 200 });
    expect([...carrier.carried].sort()).toEqual([...ids].sort());
  });

  it('beside two others never brings out what another does', async () => {
    const carriers = [new ListCarrier(), new ListCarrier(), new ListCarrier()];
    for (const carrier of carriers)
      carrier.fateOf = async () => new Promise((resolve) => setImmediate(() => resolve(arrived())));
    const ids = await put(90);
    for (const carrier of carriers) courierOf(carrier).start();
    for (const id of ids) await settled(id, 'delivered');
    const carried = carriers.flatMap((carrier) => carrier.carried);
    expect(carried.sort()).toEqual([...ids].sort());
  });

  it('tries again what failed, later each time, until it arrives, and keeps a log', async () => {
    const carrier = new ListCarrier();
    const answers = [
      notNow('It answered 503.', { status: 503, answer: 'later' }),
      notNow('It is away.'),
      arrived(204, ''),
    ];
    carrier.fateOf = () => answers.shift() ?? never('asked too often');
    const [id = ''] = await put(1);
    const courier = courierOf(carrier);
    const waits: { atLeast: number; atMost: number }[] = [];
    for (const times of [1, 2]) {
      const before = Date.now();
      await courier.round();
      const { nextAttemptAt, state } = await failedOnce(id, times);
      expect(state).toBe('waiting');
      const next = nextAttemptAt?.getTime() ?? 0;
      waits.push({ atLeast: next - Date.now(), atMost: next - before });
      expect(await courier.round(), 'nothing is due').toBe(0);
      await itIsTime();
    }
    expect(waits[0]?.atMost).toBeGreaterThan(5_000);
    expect(waits[0]?.atLeast).toBeLessThan(12_100);
    expect(waits[1]?.atMost).toBeGreaterThan(20_000);
    expect(waits[1]?.atLeast).toBeLessThan(36_100);
    await courier.round();
    expect(await settled(id, 'delivered')).toMatchObject({
      failedAttempts: 2,
      lastError: null,
      nextAttemptAt: null,
      settledAt: expect.any(Date),
      attempts: [
        { status: 503, answer: 'later', error: 'It answered 503.' },
        { status: null, answer: null, error: 'It is away.' },
        { status: 204, error: null },
      ],
    });
    expect(carrier.carried).toHaveLength(3);
  });

  it('waits as long as the receiver asks', async () => {
    const carrier = new ListCarrier();
    carrier.fateOf = () => notNow('It answered 429.', { status: 429, retryAfter: 900 });
    const [id = ''] = await put(1);
    const before = Date.now();
    await courierOf(carrier).round();
    const { nextAttemptAt } = await failedOnce(id, 1);
    const next = nextAttemptAt?.getTime() ?? 0;
    expect(next - before).toBeGreaterThan(899_000);
    expect(next - Date.now()).toBeLessThan(910_000);
  });

  it('gives up after about a day, and what will never arrive at once', async () => {
    const carrier = new ListCarrier();
    const [tired = '', gone = '', refused = ''] = await put(3);
    await store.manager.update(DeliveryRow, { id: tired }, { failedAttempts: LONGEST_TRY - 1 });
    carrier.fateOf = ({ delivery: { id } }) => {
      if (id === refused) throw new DomainError('unprocessable_entity', 'It is not allowed.');
      return id === gone ? never('It is gone.', { status: 410 }) : notNow('It is away.');
    };
    await courierOf(carrier).round();
    expect(await settled(tired, 'failed')).toMatchObject({ lastError: 'It is away.', nextAttemptAt: null });
    expect(await settled(gone, 'failed')).toMatchObject({ lastStatus: 410, failedAttempts: 1 });
    expect(await settled(refused, 'failed')).toMatchObject({ lastError: 'It is not allowed.', failedAttempts: 1 });
  });

  it('sends again what somebody asks for, with the same id', async () => {
    const carrier = new ListCarrier();
    carrier.fateOf = () => never('It is gone.');
    const [id = ''] = await put(1);
    const courier = courierOf(carrier);
    courier.start();
    await settled(id, 'failed');
    carrier.fateOf = () => arrived(200);
    await new Deliveries(store).redeliver(id);
    expect(await settled(id, 'delivered')).toMatchObject({ attempts: [{ error: 'It is gone.' }, { error: null }] });
    expect(carrier.carried).toEqual([id, id]);
  });

  it('keeps those of one lane in their order, one at a time', async () => {
    const carrier = new ListCarrier();
    let open = 0;
    let most = 0;
    carrier.fateOf = async () => {
      most = Math.max(most, (open += 1));
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return arrived();
    };
    const ids = await put(8, 'one');
    for (const _engine of [1, 2]) courierOf(carrier).start();
    for (const id of ids) await settled(id, 'delivered');
    expect([carrier.carried, most]).toEqual([ids, 1]);
  });

  it('lets the first attempt of one go before the hundredth of another', async () => {
    const carrier = new ListCarrier();
    const ids = await put(12);
    await store.query('UPDATE deliveries SET failed_attempts = 3 WHERE id <> $1', [ids.at(-1)]);
    carrier.fateOf = () => notNow('It is away.');
    await courierOf(carrier).round();
    await eventually('ten were tried', () => carrier.carried.length === 10);
    expect(carrier.carried).toContain(ids.at(-1));
  });
});

describe('a courier that dies in the middle', () => {
  it('leaves its delivery to another, which sends it again, with the same id, when its hold is over', async () => {
    const [id = ''] = await put(1);
    const dying = new ListCarrier();
    const own = await open();
    dying.fateOf = async () => {
      await own.destroy();
      return arrived(200, 'received, and nobody notes it');
    };
    await courierOf(dying, own).round();
    await eventually('it was carried', () => dying.carried.length === 1);
    const living = new ListCarrier();
    const courier = courierOf(living);
    expect(await courier.round(), 'it is still held').toBe(0);
    expect(await row(id)).toMatchObject({ state: 'waiting', attempts: [], holder: expect.any(String) });
    await store.query('UPDATE deliveries SET held_until = now()');
    expect(await courier.round()).toBe(1);
    expect(await settled(id, 'delivered')).toMatchObject({ failedAttempts: 0 });
    expect([dying.carried, living.carried]).toEqual([[id], [id]]);
  });

  it('notes nothing when it comes back late: it is another’s then', async () => {
    const [id = ''] = await put(1);
    const late = new ListCarrier();
    let answer!: (result: CarryResult) => void;
    late.fateOf = () => new Promise((resolve) => (answer = resolve));
    const slow = courierOf(late);
    await slow.round();
    await eventually('it was carried', () => late.carried.length === 1);
    await store.query('UPDATE deliveries SET held_until = now()');
    await courierOf(new ListCarrier()).round();
    const { attempts } = await settled(id, 'delivered');
    answer(notNow('It came to nothing.'));
    await slow.stop();
    expect(await row(id)).toMatchObject({ state: 'delivered', attempts });
  });

  it('but stops in order gives back what it has not brought, and counts no attempt', async () => {
    const [id = ''] = await put(1);
    const carrier = new ListCarrier();
    carrier.fateOf = () => new Promise(() => undefined);
    const courier = courierOf(carrier);
    await courier.round();
    await eventually('it was carried', () => carrier.carried.length === 1);
    await courier.stop();
    expect(await row(id)).toMatchObject({ state: 'waiting', holder: null, failedAttempts: 0, attempts: [] });
  });
});

describe('what is old', () => {
  it('is removed when it is settled, and kept while it waits', async () => {
    const [old = '', waiting = '', young = ''] = await put(3);
    await store.query(`UPDATE deliveries SET state = 'delivered' WHERE id <> $1`, [waiting]);
    await store.query(`UPDATE deliveries SET created_at = now() - interval '31 days' WHERE id <> $1`, [young]);
    await store.query(`UPDATE events SET at = now() - interval '31 days'`);
    const [oldest] = await store.manager.find(EventRow, { order: { position: 'ASC' }, take: 1 });
    await new OldEvents(store, environmentOf()).prune();
    expect((await store.manager.find(DeliveryRow, { order: { id: 'ASC' } })).map(({ id }) => id)).toEqual([
      waiting,
      young,
    ]);
    expect(await store.manager.count(EventRow)).toBe(2);
    expect(await store.query('SELECT up_to FROM event_prunings')).toEqual([{ up_to: oldest?.position }]);
    expect(old).not.toBe('');
  });
});

describe('a whole engine', () => {
  /** Somebody who listens, and answers as they are told. */
  interface Received {
    readonly headers: IncomingHttpHeaders;
    readonly body: Record<string, unknown>;
  }
  let scene: EngineScene;
  let server: Server;
  let address: string;
  let received: Received[];
  let status: number;

  beforeAll(async () => {
    scene = await EngineScene.set();
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({
          headers: request.headers,
          body: JSON.parse(Buffer.concat(chunks).toString()) as Received['body'],
        });
        response.writeHead(status).end('thanks');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=canary-token`;
  });
  afterAll(async () => {
    await scene.stop();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    received = [];
    status = 200;
  });

  const delivery = (state: DeliveryRow['state']): Promise<DeliveryRow> =>
    eventually(`a callback is ${state}`, async () => {
      const [last] = await scene.dataSource.manager.find(DeliveryRow, {
        where: { channel: 'callback' },
        order: { id: 'DESC' },
        take: 1,
      });
      return last?.state === state && last.holder === null ? last : null;
    });

  it('tells the callback_url of a deploy of its end, once, as GET shows it', async () => {
    const engine = await scene.watchingEngine();
    engine.sendsBy(new NodeOutboundHttp(rulesOf('127.0.0.0/8')));
    const id = await scene.askForDeploy({ callbackUrl: address });
    await engine.look(scene.key);
    const { id: deliveryId } = await delivery('delivered');
    expect(received).toHaveLength(1);
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-jockey-event': 'deploy.deployed',
      'x-jockey-delivery': deliveryId,
    });
    expect(received[0]?.body).toMatchObject({
      id,
      state: 'deployed',
      outcome: 'succeeded',
      release: 'v1',
      app: { name: 'sample' },
      environment: { name: 'production' },
      build: { state: 'completed' },
      instances: [{ state: 'healthy' }, { state: 'healthy' }],
    });
    await engine.stop();
  });

  it('tells each attempt the same, though a later deploy took its place', async () => {
    status = 503;
    const engine = await scene.watchingEngine();
    engine.sendsBy(new NodeOutboundHttp(rulesOf('127.0.0.0/8')));
    const id = await scene.askForDeploy({ callbackUrl: address });
    await engine.look(scene.key);
    const first = await eventually('it failed once', async () => {
      const { failedAttempts, ...found } = await delivery('waiting');
      return failedAttempts === 1 ? found : null;
    });
    await scene.askForDeploy();
    await engine.look(scene.key);
    expect((await scene.deploy(id)).state).toBe('stopped');
    status = 200;
    await new Deliveries(scene.dataSource).redeliver(first.id);
    await eventually('it was told', () => received.length === 2);
    expect(received[1]?.body).toEqual(received[0]?.body);
    expect(received[1]?.body).toMatchObject({ id, state: 'deployed' });
    expect(received[1]?.headers['x-jockey-delivery']).toBe(received[0]?.headers['x-jockey-delivery']);
    await engine.stop();
  });

  it('calls nobody in its own network where that is not listed, and says so', async () => {
    const engine = await scene.watchingEngine();
    engine.sendsBy(new NodeOutboundHttp(rulesOf('')));
    await scene.askForDeploy({ callbackUrl: address });
    await engine.look(scene.key);
    const { lastError, failedAttempts } = await delivery('failed');
    expect([received.length, failedAttempts]).toEqual([0, 1]);
    expect(lastError).toContain('OUTBOUND_ALLOW');
    expect(lastError).not.toContain('canary-token');
    await engine.stop();
  });

  it('tells of a build that ended', async () => {
    const engine = await scene.watchingEngine();
    engine.sendsBy(new NodeOutboundHttp(rulesOf('127.0.0.0/8')));
    const [build] = await scene.dataSource.query<{ id: string }[]>(
      `INSERT INTO builds (app_id, ref, rref, callback_url) VALUES ($1, 'main', $2, $3) RETURNING id`,
      [scene.key.appId, 'b'.repeat(40), address],
    );
    await new BuildProgress(scene.dataSource).fail(build?.id ?? '', 'it broke');
    await eventually('it was told', () => received.length === 1);
    expect(received[0]?.body).toMatchObject({ id: build?.id, state: 'failed', failure_reason: 'it broke' });
    await engine.stop();
  });
});
