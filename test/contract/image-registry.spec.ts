import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpImageRegistry } from '../../src/adapters/registry/http-image-registry.js';
import type { RegistryAccess } from '../../src/adapters/registry/registry-client.js';
import { FakeImageRegistry } from '../fakes/fake-image-registry.js';
import { digestOf, FakeWorld } from '../fakes/fake-world.js';
import { type OwnRegistry, REGISTRY_USER, startOwnRegistry } from '../support/own-registry.js';
import { putImage } from '../support/registry-image.js';
import { attachToCluster, freshName, unusedPort } from './cluster.js';
import { imageRegistryContract, type ImageRegistrySetUp } from './image-registry.contract.js';

imageRegistryContract('in memory', beginFake);
imageRegistryContract('of the cluster', beginReal);

async function beginFake(): Promise<ImageRegistrySetUp> {
  const world = new FakeWorld();
  const gone = new FakeWorld();
  gone.registryAnswers = false;
  return {
    registry: new FakeImageRegistry(world),
    name: 'registry:5000',
    put: async (repository, tag) => {
      world.publish(`${repository}:${tag}`);
      return digestOf(`${repository}:${tag}`);
    },
    silent: { registry: new FakeImageRegistry(gone), name: 'registry:5000' },
    close: async () => undefined,
  };
}

/** A registry by its name alone: without TLS, and it asks nobody. */
function plain(name: string): RegistryAccess {
  return { place: { name, url: `http://${name}` }, credentials: null, authority: undefined, plainHttp: [] };
}

async function beginReal(): Promise<ImageRegistrySetUp> {
  const { registry: name } = await attachToCluster();
  const registry = new HttpImageRegistry(plain(name));
  const gone = `127.0.0.1:${await unusedPort()}`;
  const made: string[] = [];
  return {
    registry,
    name,
    put: async (repository, tag) => {
      const url = `http://${name}`;
      const below = repository.slice(name.length + 1);
      const digest = await putImage({ url, repository: below, tag, content: `${below} ${tag}` });
      made.push(`${repository}@${digest}`);
      return digest;
    },
    silent: { registry: new HttpImageRegistry(plain(gone)), name: gone },
    close: async () => {
      for (const image of made) await registry.remove(image);
    },
  };
}

describe.each(['password', 'token'] as const)('a registry with TLS that wants a %s', (auth) => {
  let own: OwnRegistry;
  let image: string;

  const accessOf = (change: Partial<RegistryAccess> = {}): HttpImageRegistry =>
    new HttpImageRegistry({
      ...{ place: { name: own.name, url: own.url }, credentials: REGISTRY_USER, authority: own.authority },
      // The token server of the test has no TLS: it is named.
      plainHttp: own.tokenHosts,
      ...change,
    });

  beforeAll(async () => {
    own = await startOwnRegistry(auth);
    const digest = await own.put('team/shop', 'one');
    image = `${own.name}/team/shop@${digest}`;
  });
  afterAll(() => own.stop());

  it('is told who asks, and answers', async () => {
    const registry = accessOf();
    await registry.verify(image);
    expect(await registry.tags(`${own.name}/team/shop`)).toEqual(['one']);
    expect(await registry.digestOf(`${own.name}/team/shop:one`)).toBe(image.slice(image.indexOf('@') + 1));
  });

  it('removes what it is asked to', async () => {
    const digest = await own.put('team/other', 'one');
    const registry = accessOf();
    expect(await registry.remove(`${own.name}/team/other@${digest}`)).toBe(true);
    expect(await registry.exists(`${own.name}/team/other@${digest}`)).toBe(false);
  });

  it('names registry and user when the password is wrong, and never the password', async () => {
    const wrong = accessOf({ credentials: { username: 'jockey', password: 'wrong-horse' } });
    const failure = await wrong.digestOf(image).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'unprocessable_entity' });
    const { message } = failure as Error;
    expect(message).toContain(`the registry ${own.name} does not take the password of jockey`);
    expect(message).not.toContain('wrong-horse');
  });

  it('says that it asks who is there when nobody was named', async () => {
    await expect(accessOf({ credentials: null }).digestOf(image)).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringContaining('REGISTRY_USERNAME') as string,
    });
  });

  it('is not believed without the certificate of its authority', async () => {
    await expect(accessOf({ authority: undefined }).digestOf(image)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('REGISTRY_CA_FILE') as string,
    });
  });

  it('is never told the password over plain HTTP, which it does not speak', async () => {
    const place = { name: own.name, url: `http://${own.name}` };
    await expect(accessOf({ place }).digestOf(image)).rejects.toMatchObject({ code: 'unprocessable_entity' });
  });
});

describe('a registry whose token server has no TLS', () => {
  it('does not get the password there unless that host is named', async () => {
    const own = await startOwnRegistry('token');
    try {
      const access = { place: { name: own.name, url: own.url }, credentials: REGISTRY_USER, authority: own.authority };
      const registry = new HttpImageRegistry({ ...access, plainHttp: [] });
      await expect(registry.tags(`${own.name}/shop`)).rejects.toMatchObject({
        code: 'unprocessable_entity',
        message: expect.stringContaining('REGISTRY_PLAIN_HTTP') as string,
      });
      expect(own.scopes).toEqual([]);
    } finally {
      await own.stop();
    }
  });
});

describe('a registry that is not to be believed', () => {
  let server: Server;
  let name: string;
  let answer: { status: number; headers?: Record<string, string>; body: string };

  beforeAll(async () => {
    server = createServer((_request, response) => response.writeHead(answer.status, answer.headers).end(answer.body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    name = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('is caught when it answers with other bytes than the digest says', async () => {
    answer = { status: 200, body: '{"layers":[]}' };
    const image = `${name}/shop@sha256:${'1'.repeat(64)}`;
    await expect(new HttpImageRegistry(plain(name)).verify(image)).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringContaining('with other bytes than its digest says') as string,
    });
  });

  it('says that deletion is switched off where it is', async () => {
    answer = { status: 405, body: '{"errors":[{"code":"UNSUPPORTED","message":"The operation is unsupported."}]}' };
    await expect(
      new HttpImageRegistry(plain(name)).remove(`${name}/shop@sha256:${'1'.repeat(64)}`),
    ).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringContaining('deletion is switched off') as string,
    });
  });

  it('is named as plain where it speaks no TLS', async () => {
    answer = { status: 200, body: '{}' };
    const secure = new HttpImageRegistry({ ...plain(name), place: { name, url: `https://${name}` } });
    await expect(secure.tags(`${name}/shop`)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('REGISTRY_PLAIN_HTTP') as string,
    });
  });

  it('follows the pages of a long list of tags, and stays at the registry', async () => {
    answer = {
      status: 200,
      headers: { link: '<http://elsewhere.test/v2/shop/tags/list?last=b>; rel="next"' },
      body: '{"tags":["b","a"]}',
    };
    const asked: string[] = [];
    server.on('request', ({ url = '' }) => {
      asked.push(url);
      if (asked.length > 2) answer = { status: 200, body: '{"tags":["c"]}' };
    });
    expect(await new HttpImageRegistry(plain(name)).tags(`${name}/shop`)).toEqual(['a', 'b', 'c']);
    expect(asked.slice(1)).toEqual(asked.slice(1).map(() => '/v2/shop/tags/list?last=b'));
  });

  it('is asked about no image of another registry', async () => {
    const other = new HttpImageRegistry(plain(name));
    await expect(other.digestOf(`other.test/${freshName('shop')}:1`)).rejects.toMatchObject({
      code: 'unprocessable_entity',
    });
  });
});
