import { globalAgent } from 'node:https';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CliMachine } from '../support/cli.js';
import { type TlsServer, tlsServer } from '../support/tls-server.js';

describe('the CLI over TLS', () => {
  let machine: CliMachine;

  const asks = async ({ url, server }: TlsServer) => {
    const run = await machine.run(['apps'], { environment: { JOCKEY_URL: url } });
    server.close();
    return run;
  };
  /** As NODE_EXTRA_CA_CERTS does when a program starts. */
  const trust = ({ certificate }: TlsServer): void => {
    globalAgent.options.ca = [certificate];
  };

  beforeAll(async () => {
    machine = await CliMachine.make({ JOCKEY_OAUTH_TOKEN: 'a-token' });
  });
  afterEach(() => {
    delete globalAgent.options.ca;
  });
  afterAll(() => machine?.remove());

  it('asks a server whose certificate it trusts', async () => {
    const server = await tlsServer('127.0.0.1', 1);
    trust(server);
    expect(await asks(server)).toMatchObject({ exit: 0, stderr: expect.stringContaining('There is none.') });
  });

  it('says which file to name where nobody it knows has signed', async () => {
    const { exit, stderr } = await asks(await tlsServer('127.0.0.1', 1));
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/signed by nobody.*\n.*NODE_EXTRA_CA_CERTS/)]);
  });

  it('says that the certificate is for another name', async () => {
    const server = await tlsServer('192.0.2.1', 1);
    trust(server);
    const { exit, stderr } = await asks(server);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('its certificate is for another name')]);
  });

  it('says that the certificate has expired', async () => {
    const server = await tlsServer('127.0.0.1', -1);
    trust(server);
    const { exit, stderr } = await asks(server);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('its certificate has expired')]);
  });

  it('says of a server that speaks TLS, and is asked without, that the connection breaks or is refused', async () => {
    const { url, ...rest } = await tlsServer('127.0.0.1', 1);
    const { exit, stderr } = await asks({ ...rest, url: url.replace('https:', 'http:') });
    expect([exit, stderr]).toEqual([2, expect.stringContaining('is it http where https is wanted?')]);
  });
});
