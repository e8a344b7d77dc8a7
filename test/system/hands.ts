import type { ClusterHost } from '../../tools/cluster/layout.js';
import type { Jockey, SeenInstance } from './jockey.js';

/** A container as its Docker sees it now. */
export interface SeenContainer {
  readonly id: string;
  readonly pid: number;
  readonly running: boolean;
  readonly startedAt: string;
  /** The digest of its image, by which another of the same is made. */
  readonly image: string;
}

/** What somebody does to hosts by hand, past Jockey: straight through Docker's and Consul's own APIs. */
export class Hands {
  constructor(private readonly jockey: Jockey) {}

  /** The container of an instance; null where its host has none of this name. */
  async look(instance: Pick<SeenInstance, 'id' | 'host'>): Promise<SeenContainer | null> {
    const answer = await this.docker(instance.host, `GET /containers/${instance.id}/json`);
    if (answer.status === 404) return null;
    const { Id, State, Image } = (await answer.json()) as {
      Id: string;
      Image: string;
      State: { Pid: number; Running: boolean; StartedAt: string };
    };
    return { id: Id, pid: State.Pid, running: State.Running, startedAt: State.StartedAt, image: Image };
  }

  /** `docker kill`. */
  async kill({ host, id }: SeenInstance): Promise<void> {
    await succeeds(this.docker(host, `POST /containers/${id}/kill`));
  }

  /** `docker rm -f`. */
  async remove({ host, id }: Pick<SeenInstance, 'id' | 'host'>): Promise<void> {
    await succeeds(this.docker(host, `DELETE /containers/${id}?force=1`));
  }

  /** Its process ends, and nobody asked Docker for it. */
  async crash(instance: SeenInstance): Promise<void> {
    const container = await this.look(instance);
    if (container === null || !container.running) throw new Error(`${instance.id} does not run on ${instance.host}`);
    process.kill(container.pid, 'SIGKILL');
  }

  /** `docker run` of an image on a host, with a name and labels. */
  async run(host: string, name: string, more: { image: string; labels: Record<string, string> }): Promise<void> {
    const body = { Image: more.image, Labels: more.labels, Cmd: ['/start', 'web'] };
    await succeeds(this.docker(host, `POST /containers/create?name=${name}`, body));
    await succeeds(this.docker(host, `POST /containers/${name}/start`));
  }

  /** Takes an entry out of the Consul agent of its host. */
  async deregister({ host, id }: Pick<SeenInstance, 'id' | 'host'>): Promise<void> {
    await succeeds(this.consul(host, `/v1/agent/service/deregister/${id}`));
  }

  /** Enters a service into the Consul agent of a host, with no check. */
  async register(host: string, entry: { ID: string; Name: string; Meta?: Record<string, string> }): Promise<void> {
    await succeeds(this.consul(host, '/v1/agent/service/register', entry));
  }

  private docker(host: string, request: `${'GET' | 'POST' | 'DELETE'} /${string}`, body?: unknown): Promise<Response> {
    const [method = '', path = ''] = request.split(' ');
    return send(`${this.hostOf(host).dockerUrl}${path}`, method, body);
  }

  private consul(host: string, path: string, body?: unknown): Promise<Response> {
    return send(`${this.hostOf(host).agentUrl}${path}`, 'PUT', body);
  }

  private hostOf(name: string): ClusterHost {
    const host = this.jockey.cluster.hosts.find((each) => each.name === name);
    if (host === undefined) throw new Error(`the cluster has no host ${name}`);
    return host;
  }
}

function send(url: string, method: string, body?: unknown): Promise<Response> {
  return fetch(url, {
    method,
    signal: AbortSignal.timeout(10_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
}

async function succeeds(answer: Promise<Response>): Promise<void> {
  const { ok, status, url, text } = await answer.then(async (got) => ({
    ...{ ok: got.ok, status: got.status, url: got.url },
    text: await got.text(),
  }));
  if (!ok) throw new Error(`${url} answers ${status}: ${text}`);
}
