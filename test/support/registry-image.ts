import { createHash } from 'node:crypto';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';

/** One question to a registry, past the adapter. */
export interface RegistryQuestion {
  readonly url: string;
  readonly path: string;
  readonly method?: string;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly authority?: string;
}

/** Asks a registry; answers whatever the status. */
export async function askRegistry({ url, path, method = 'GET', body, headers = {}, authority }: RegistryQuestion) {
  const target = new URL(path, url);
  const request = target.protocol === 'https:' ? secureRequest : plainRequest;
  const options = { method, headers, agent: false as const, ...(authority === undefined ? {} : { ca: authority }) };
  return new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }>(
    (resolve, reject) => {
      const sent = request(target, options, (answer) => {
        void buffer(answer).then((bytes) =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes }),
        );
      });
      sent.on('error', reject).end(body);
    },
  );
}

/** Where an image is put. */
export interface ImagePlace extends Pick<RegistryQuestion, 'url' | 'authority' | 'headers'> {
  /** The repository below the registry: `team/shop`. */
  readonly repository: string;
  readonly tag: string;
  /** What makes it different from others. */
  readonly content: string;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Puts a small image into a registry, as a push does; answers its digest. */
export async function putImage(place: ImagePlace): Promise<string> {
  const layer = await putBlob(place, Buffer.from(`layer of ${place.content}`));
  const config = await putBlob(place, Buffer.from(JSON.stringify({ content: place.content })));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
    }),
  );
  const path = `/v2/${place.repository}/manifests/${place.tag}`;
  const headers = { ...place.headers, 'content-type': MANIFEST };
  const { status, body } = await askRegistry({ ...place, path, method: 'PUT', body: manifest, headers });
  if (status !== 201) throw new Error(`the registry took no manifest: ${status} ${body.toString()}`);
  return digestOf(manifest);
}

async function putBlob(place: ImagePlace, bytes: Buffer): Promise<{ digest: string; size: number }> {
  const digest = digestOf(bytes);
  const begun = await askRegistry({ ...place, path: `/v2/${place.repository}/blobs/uploads/`, method: 'POST' });
  if (begun.status !== 202) throw new Error(`the registry took no upload: ${begun.status}`);
  const upload = new URL(String(begun.headers['location']), place.url);
  upload.searchParams.set('digest', digest);
  const { status } = await askRegistry({ ...place, path: upload.href, method: 'PUT', body: bytes });
  if (status !== 201) throw new Error(`the registry took no blob: ${status}`);
  return { digest, size: bytes.length };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
