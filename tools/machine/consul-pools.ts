import { sentenceOf } from './failure.js';
import { fetchJson, fetchOk } from './fetch-ok.js';
import type { Ledger } from './ledger.js';
import { progress } from './progress.js';

/** A service of a node: the pool that it belongs to. */
export interface PoolService {
  readonly name: string;
  readonly meta: Readonly<Record<string, string>>;
  /** Address of the host, when it is not that of the agent's node. */
  readonly address?: string;
  /** Address that must answer well for the host to count as healthy; without it, Consul is told by `tellAlive`. */
  readonly http?: string | undefined;
}

/** A service as the agent lists it. */
interface AgentService {
  readonly ID: string;
  readonly Tags: readonly string[] | null;
}

/** How long a service without a word counts as alive. */
const TTL = '10s';

/** The check of a pool's host: Consul asks Docker itself, or is told by us. */
export function checkOf({ http }: PoolService): Readonly<Record<string, string>> {
  const identity = { name: 'Docker answers' };
  return http === undefined ? { ...identity, ttl: TTL } : { ...identity, http, interval: '1s', timeout: '1s' };
}

/** Registers pools in a Consul that is not ours; they, and what is registered there later, leave it with the run. */
export async function registerPools(ledger: Ledger, url: string, pools: readonly PoolService[]): Promise<void> {
  const before = Object.keys(await servicesOf(url));
  ledger.write({ guestConsul: { url, before } });
  for (const pool of pools)
    await put(`${url}/v1/agent/service/register?replace-existing-checks=true`, {
      name: pool.name,
      id: pool.name,
      address: pool.address ?? '',
      meta: pool.meta,
      tags: ['jockey-quickstart'],
      check: { ...checkOf(pool), CheckID: checkIdOf(pool) },
    });
}

/** Takes out of a Consul what has come into it by us. A Consul that is gone has nothing of ours. */
export async function leaveConsul({ url, before }: { url: string; before: readonly string[] }): Promise<void> {
  try {
    const services = Object.values(await servicesOf(url));
    const ours = services.filter(({ ID, Tags }) => !before.includes(ID) && (Tags ?? []).some(isOurs));
    for (const { ID } of ours) await put(`${url}/v1/agent/service/deregister/${encodeURIComponent(ID)}`);
  } catch (error) {
    progress(`could not clear the Consul at ${url}: ${sentenceOf(error)}`);
  }
}

/** Tells Consul that the pools' Docker answers. */
export async function tellAlive(url: string, pools: readonly PoolService[]): Promise<void> {
  for (const pool of pools) await put(`${url}/v1/agent/check/pass/${checkIdOf(pool)}`);
}

/** Its field has one name in the agent's API, and another one in the agent's configuration. */
export function checkIdOf({ name }: PoolService): string {
  return `${name}-docker`;
}

function isOurs(tag: string): boolean {
  return tag === 'jockey-quickstart' || tag.startsWith('deploy_id:');
}

async function servicesOf(url: string): Promise<Readonly<Record<string, AgentService>>> {
  return fetchJson(`${url}/v1/agent/services`, headers());
}

async function put(url: string, body?: unknown): Promise<void> {
  await fetchOk(url, { method: 'PUT', ...headers(), body: body === undefined ? null : JSON.stringify(body) });
}

/** A Consul with access rules wants the same token as Jockey has. */
function headers(): RequestInit {
  const token = process.env['CONSUL_HTTP_TOKEN'];
  return token === undefined || token === '' ? {} : { headers: { 'X-Consul-Token': token } };
}
