import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from './child.js';
import { checkIdOf, checkOf, type PoolService } from './consul-pools.js';
import { fetchJson } from './fetch-ok.js';
import type { Ledger } from './ledger.js';

/** One Consul agent. */
export interface AgentOptions {
  readonly ledger: Ledger;
  readonly file: string;
  /** Name in the ledger. */
  readonly name: string;
  /** Name of the node in Consul. */
  readonly node: string;
  readonly address: string;
  readonly folder: string;
  readonly logFile: string;
  readonly netns?: string;
  readonly group?: string;
  /** Address of the server to join; without it this agent is the server. */
  readonly join?: string;
  readonly httpPort: number;
  /** Ports of DNS and of the server's own talk; Consul's usual ones unless told. */
  readonly ports?: Readonly<Record<string, number>>;
  readonly services: readonly PoolService[];
}

/** Gossip of a network without delays. */
const FAST_GOSSIP = { gossip_interval: '100ms', retransmit_mult: 3 };

/**
 * The server alone looks whether the others live, and sees one that is switched off within four seconds. Were they to
 * look too, a host whose cable was pulled would take all others for dead, and tell so when it is back.
 */
const SERVER_PROBES = { probe_interval: '500ms', probe_timeout: '300ms', suspicion_mult: 2 };
const NO_PROBES = { probe_interval: '1h' };

/** Starts a Consul agent and answers the address of its HTTP API, once it knows a leader. */
export async function startConsulAgent(options: AgentOptions): Promise<string> {
  const { ledger, file, name, folder, logFile, netns, group, address, httpPort } = options;
  const url = `http://${address}:${httpPort}`;
  const config = join(folder, 'consul.json');
  await mkdir(join(folder, 'data'), { recursive: true });
  await writeFile(config, JSON.stringify(configuration(options), null, 2));
  await startProgram(ledger, {
    name,
    file,
    args: ['agent', `-config-file=${config}`],
    logFile,
    netns,
    group,
    env: { GOMAXPROCS: '2' },
    ready: async () => (await fetchJson<string>(`${url}/v1/status/leader`)) !== '',
  });
  return url;
}

function configuration(options: AgentOptions): unknown {
  const { node, address, folder, join: server, httpPort, ports, services } = options;
  return {
    node_name: node,
    server: server === undefined,
    ...(server === undefined ? { bootstrap_expect: 1 } : { retry_join: [server], retry_interval: '1s' }),
    bind_addr: address,
    client_addr: address,
    data_dir: join(folder, 'data'),
    ports: { http: httpPort, dns: 8600, ...ports },
    performance: { raft_multiplier: 1 },
    gossip_lan: { ...FAST_GOSSIP, ...(server === undefined ? SERVER_PROBES : NO_PROBES) },
    check_update_interval: '0s',
    leave_on_terminate: true,
    rejoin_after_leave: true,
    disable_update_check: true,
    log_level: 'warn',
    services: services.map(definitionOf),
  };
}

function definitionOf(service: PoolService): unknown {
  const { name, meta, address = '' } = service;
  return { id: name, name, meta, address, checks: [{ ...checkOf(service), id: checkIdOf(service) }] };
}
