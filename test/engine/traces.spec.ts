import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NodeOutboundHttp } from '../../src/adapters/outbound-http/node-outbound-http.js';
import { rulesOf } from '../../src/domain/outbound/outbound-rules.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';
import { OtlpReceiver, type SeenSpan } from '../support/otlp-receiver.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const ASKED = 'b7ad6b7169203331';

/** A deploy that was asked for within a trace, and its callback. */
describe('the trace of a deploy', () => {
  let scene: EngineScene;
  let receiver: OtlpReceiver;
  let hook: Server;
  let heard: IncomingHttpHeaders[];

  beforeAll(async () => {
    heard = [];
    hook = createServer((request, response) => {
      heard.push(request.headers);
      request.resume().on('end', () => response.end());
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    receiver = await OtlpReceiver.start();
    scene = await EngineScene.set(2);
    await scene.askForDeploy({
      traceparent: `00-${TRACE}-${ASKED}-01`,
      callbackUrl: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/canary`,
    });
    const engine = await scene.watchingEngine({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    engine.sendsBy(new NodeOutboundHttp(rulesOf('127.0.0.1')));
    await eventually('the callback', async () => heard.length > 0, 60);
    await engine.stop();
  }, 120_000);

  afterAll(async () => {
    hook?.close();
    receiver?.stop();
    await scene?.stop();
  });

  const ofTrace = (): readonly SeenSpan[] => receiver.spans.filter(({ traceId }) => traceId === TRACE);

  it('goes from the request through every step to its end', () => {
    const names = ofTrace().map(({ name }) => name);
    expect(names.filter((name) => name === 'step start')).toHaveLength(2);
    expect(names.filter((name) => name === 'step confirm')).toHaveLength(2);
    expect(names.filter((name) => name === 'deploy')).toHaveLength(1);
    expect(ofTrace().every(({ parentSpanId }) => parentSpanId === ASKED)).toBe(true);
  });

  it('says what was deployed where, and how it ended', () => {
    const facts = ofTrace().find(({ name }) => name === 'deploy')?.attributes ?? [];
    expect(Object.fromEntries(facts.map(({ key, value }) => [key, value['stringValue']]))).toMatchObject({
      ...{ 'jockey.app': 'sample', 'jockey.environment': 'production', 'jockey.outcome': 'succeeded' },
    });
  });

  it('goes out with the callback', () => {
    const span = ofTrace().find(({ name }) => name === 'callback');
    expect(heard[0]?.['traceparent']).toBe(`00-${TRACE}-${span?.spanId}-01`);
  });

  it('holds no address', () => expect(receiver.bodies.join()).not.toContain('canary'));
});
