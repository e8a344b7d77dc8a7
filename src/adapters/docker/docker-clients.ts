import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { Host } from '../../domain/host/host.js';

/** Opens one client a host. The client has no time limit of its own: a limit on a quiet stream would cut it. */
export class DockerClients {
  private readonly clients = new Map<string, Docker>();

  /** `certPath`: folder with `ca.pem`, `cert.pem` and `key.pem`, for hosts spoken to with TLS. */
  constructor(private readonly certPath: string | undefined) {}

  /** The client of a host; hosts at the same address share one. */
  of({ dockerUrl }: Host): Docker {
    const known = this.clients.get(dockerUrl);
    if (known !== undefined) return known;
    const client = new Docker(this.optionsOf(dockerUrl));
    this.clients.set(dockerUrl, client);
    return client;
  }

  private optionsOf(dockerUrl: string): Docker.DockerOptions {
    const url = new URL(dockerUrl);
    if (url.protocol === 'unix:') return { socketPath: url.pathname };
    const to = { host: url.hostname, port: Number(url.port) || (url.protocol === 'https:' ? 2376 : 2375) };
    if (url.protocol !== 'https:') return { ...to, protocol: 'http' };
    return { ...to, protocol: 'https', ...this.certificates() };
  }

  private certificates(): Pick<Docker.DockerOptions, 'ca' | 'cert' | 'key'> {
    if (this.certPath === undefined) return {};
    const read = (name: string) => readFileSync(join(this.certPath ?? '', name), 'utf8');
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
  }
}
