import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { candidate } from '../../../test/factories/placement.js';
import { DockerClients } from './docker-clients.js';

it('puts requests into few words, however many connections there are', async () => {
  const server = createServer((_request, response) => response.writeHead(200).end('OK'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dockerUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const docker = new DockerClients(undefined).of({ ...candidate('h1').host, dockerUrl });
  await Promise.all(Array.from({ length: 5 }, () => docker.ping()));
  const { agent } = docker.modem as { agent?: { readonly freeSockets: object } };
  server.closeAllConnections();
  server.close();
  expect(Object.values(agent?.freeSockets ?? {}).flat().length).toBeGreaterThan(0);
  expect(inspect(agent, { showHidden: true, depth: null })).toBe('Agent');
});
