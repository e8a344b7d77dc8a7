import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { candidate } from '../../../test/factories/placement.js';
import type { Host } from '../../domain/host/host.js';
import { DockerClients } from './docker-clients.js';
import { DockerodeHosts } from './dockerode-hosts.js';

/** As Docker says it of a container that ends while it is changed. */
const ENDING = 'Cannot update container c0ffee: cannot update a stopped container: unknown';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A host whose Docker answers with these messages, one each time, and with success after them. */
async function hostThatSays(...messages: readonly string[]): Promise<{ host: Host; asked: () => number }> {
  let asked = 0;
  server = createServer((_request, response) => {
    const message = messages[asked];
    asked += 1;
    response.writeHead(message === undefined ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message }));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const dockerUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host: { ...candidate('h1').host, dockerUrl }, asked: () => asked };
}

describe('to keep a container running', () => {
  const hosts = new DockerodeHosts(new DockerClients(undefined), null);

  it('is asked for again where it ends at this moment: the engine knows that a little later', async () => {
    const { host, asked } = await hostThatSays(ENDING, ENDING);
    await hosts.keepRunning(host, 'web');
    expect(asked()).toBe(3);
  });

  it('is refused at once for any other reason', async () => {
    const { host, asked } = await hostThatSays('no space left on device');
    await expect(hosts.keepRunning(host, 'web')).rejects.toThrow('could not keep web running: no space left on device');
    expect(asked()).toBe(1);
  });
});
