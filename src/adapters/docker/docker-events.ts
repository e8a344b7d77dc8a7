import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { LABELS } from '../../domain/instance/container-name.js';
import type { Host } from '../../domain/host/host.js';
import type { ContainerEvent } from '../../ports/docker-hosts.js';
import type { DockerClients } from './docker-clients.js';

/** Pauses before a lost connection is tried again, in milliseconds; the last one is kept. */
const PAUSES = [500, 1_000, 2_000, 5_000, 10_000];

interface DockerEvent {
  readonly Action?: string;
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> };
}

/** Calls back on each event of our containers on a host until aborted; connects again by itself. */
export async function watchEvents(
  clients: DockerClients,
  { host, signal }: { readonly host: Host; readonly signal: AbortSignal },
  onEvent: (event: ContainerEvent) => void,
): Promise<void> {
  const filters = JSON.stringify({ type: ['container'], label: [LABELS.app] });
  for (let tries = 0; !signal.aborted; tries += 1) {
    const stream = await (clients.of(host).getEvents({ filters }) as Promise<NodeJS.ReadableStream>).catch(() => null);
    if (stream !== null) {
      tries = 0;
      await readEvents(stream as Readable, { host, signal }, onEvent);
    }
    await pause(PAUSES[Math.min(tries, PAUSES.length - 1)] ?? 0, signal);
  }
}

async function readEvents(
  stream: Readable,
  { host, signal }: { readonly host: Host; readonly signal: AbortSignal },
  onEvent: (event: ContainerEvent) => void,
): Promise<void> {
  const close = () => stream.destroy();
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  try {
    for await (const line of createInterface({ input: stream })) {
      const { Action, Actor } = JSON.parse(line) as DockerEvent;
      const attributes = Actor?.Attributes ?? {};
      onEvent({ host: host.name, name: attributes['name'] ?? '', action: Action ?? '', labels: attributes });
    }
  } catch {
    // A connection that broke: the caller opens the next one.
  } finally {
    signal.removeEventListener('abort', close);
    stream.destroy();
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
