import type { ConsulClients } from './consul-clients.js';

/** Longest pause between tries while Consul is away, in milliseconds. */
const LONGEST_PAUSE = 10_000;

/** Calls back at once and on each change of a service or its health, by blocking queries, until aborted. */
export function watchService(
  clients: ConsulClients,
  { url, service, signal }: { readonly url: string; readonly service: string; readonly signal: AbortSignal },
  onChange: () => void,
): void {
  if (signal.aborted) return;
  const consul = clients.at(url);
  const watch = consul.watch({
    method: consul.health.service.bind(consul.health),
    options: { service } as Record<string, string>,
    backoffFactor: 500,
    backoffMax: LONGEST_PAUSE,
  });
  watch.on('change', onChange);
  watch.on('error', () => undefined);
  signal.addEventListener('abort', () => watch.end(), { once: true });
}
