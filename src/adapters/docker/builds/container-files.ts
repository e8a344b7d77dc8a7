import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { extract, pack } from 'tar-stream';
import type { Host } from '../../../domain/host/host.js';
import type { DockerClients } from '../docker-clients.js';
import type { Owner } from './tar-owner.js';

/** A file that is larger is not what it should be, in bytes. */
const LARGEST = 1024 * 1024;

/** Time to fetch a small file, in milliseconds. */
const FETCH = 60_000;

/** The text of a small file in a container, which may have ended; null where there is none, or something else. */
export async function readContainerFile(
  { clients, host }: { readonly clients: DockerClients; readonly host: Host },
  container: Docker.Container,
  path: string,
): Promise<string | null> {
  const question = { to: `read ${path}`, limit: FETCH, nullOn: [404] };
  return clients.askOrNull(host, question, async (_docker, abortSignal) => {
    const tar = (await container.getArchive({ path, abortSignal })) as Readable;
    for await (const entry of tar.pipe(extract())) {
      const { type, size = 0 } = entry.header;
      if (type !== 'file' || size > LARGEST) {
        tar.destroy();
        return null;
      }
      return await textOf(entry as unknown as Readable);
    }
    return null;
  });
}

async function textOf(entry: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A tar stream of folders, and of small files with their text, all of one owner. */
export function smallTar(owner: Owner, folders: readonly string[], files: Readonly<Record<string, string>>): Readable {
  const tar = pack();
  for (const name of folders) tar.entry({ name: `${name}/`, type: 'directory', mode: 0o755, ...owner });
  for (const [name, text] of Object.entries(files)) tar.entry({ name, mode: 0o644, ...owner }, text);
  tar.finalize();
  return Readable.from(tar);
}
