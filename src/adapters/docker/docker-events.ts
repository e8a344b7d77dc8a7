import { addAbortSignal, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { LABELS } from '../../domain/instance/container-name.js';
import type { Host } from '../../domain/host/host.js';
import type { ContainerEvent } from '../../ports/docker-hosts.js';
import type { DockerClients } from './docker-clients.js';
import { jsonLinesOf } from './json-lines.js';

/** Pauses before a lost connection is tried again, in milliseconds; the last one is kept. */
const PAUSES = [500, 1_000, 2_000, 5_000, 10_000];

/** https://docs.docker.com/reference/api/engine/version/v1.41/#tag/System/operation/SystemEvents */
interface DockerEvent {
  readonly Action?: string;
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> };
  /** Seconds since 1970 on the host's clock. */
  readonly time?: number;
}

/** What is watched, and where it has come to. */
interface Watch {
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ContainerEvent) => void;
  /** Second of the last event, from which a new connection begins, so that none is missed; some come twice. */
  since: number | undefined;
}

/** Calls back on each event of our containers on a host until aborted; connects again by itself. */
export async function watchEvents(clients: DockerClients, watch: Omit<Watch, 'since'>): Promise<void> {
  const state: Watch = { ...watch, since: undefined };
  for (let tries = 0; !watch.signal.aborted; tries += 1) {
    const stream = await connect(clients, state);
    if (stream !== null) {
      tries = 0;
      await readEvents(clients, stream, state);
    }
    const pause = PAUSES[Math.min(tries, PAUSES.length - 1)];
    await sleep(pause, undefined, { signal: watch.signal, ref: false }).catch(() => undefined);
  }
}

async function connect(clients: DockerClients, { host, signal, since }: Watch): Promise<Readable | null> {
  const filters = JSON.stringify({ type: ['container'], label: [LABELS.app] });
  const options = { filters, abortSignal: signal, ...(since === undefined ? {} : { since }) };
  try {
    return (await clients.of(host).getEvents(options)) as Readable;
  } catch {
    return null;
  }
}

/** Reads until the connection breaks; the caller opens the next one. */
async function readEvents(clients: DockerClients, stream: Readable, watch: Watch): Promise<void> {
  for await (const event of untilBroken(jsonLinesOf<DockerEvent>(addAbortSignal(watch.signal, stream)))) {
    watch.since = event.time ?? watch.since;
    const labels = event.Actor?.Attributes ?? {};
    const told = { host: watch.host.name, name: labels['name'] ?? '', action: event.Action ?? '', labels };
    if (told.action === 'die') void tellWhenShown(clients, watch, told);
    else watch.onEvent(told);
  }
}

/**
 * An engine tells of an end before it has cleared up behind the container, and until then its list shows it as running:
 * who looks at once sees nothing, and hears nothing more. A look at the container itself is answered after that.
 */
async function tellWhenShown(clients: DockerClients, { host, signal, onEvent }: Watch, told: ContainerEvent) {
  const question = { to: `look at ${told.name}`, nullOn: [404] };
  await clients
    .askOrNull(host, question, (docker, abortSignal) => docker.getContainer(told.name).inspect({ abortSignal }))
    .catch(() => null);
  if (!signal.aborted) onEvent(told);
}

/** A broken connection, and a line that it cut, are the end of an endless stream. */
async function* untilBroken<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch {
    return;
  }
}
