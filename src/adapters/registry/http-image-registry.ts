import { createHash } from 'node:crypto';
import { DomainError } from '../../domain/kernel/errors.js';
import type { ImageRegistry, RegistryImage } from '../../ports/image-registry.js';
import { RegistryClient, type RegistryAccess } from './registry-client.js';
import { refusal } from './registry-failure.js';
import { type ImageName, readImageName } from './registry-place.js';
import type { RegistryAnswer } from './registry-request.js';

/** Every kind of manifest that Docker and OCI builders push. */
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/** Tags of one answer, and the most answers that are read: a registry that turns in circles must not hold us. */
const TAGS_AT_ONCE = 1000;
const MOST_PAGES = 1000;

/** The registry, spoken to by the distribution specification: https://github.com/opencontainers/distribution-spec. */
export class HttpImageRegistry implements ImageRegistry {
  private readonly client: RegistryClient;

  constructor(private readonly access: RegistryAccess) {
    this.client = new RegistryClient(access);
  }

  async find(image: string): Promise<RegistryImage | null> {
    const name = this.read(image);
    const path = `/v2/${name.path}/manifests/${name.reference ?? 'latest'}`;
    const answer = await this.client.ask(path, scopeOf(name, 'pull'), { headers: { accept: MANIFESTS } });
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw refusal(this.client.asker, `show ${image}`, answer);
    return { digest: this.digestOfBytes(image, answer), bytes: bytesOf(answer.body) };
  }

  async digestOf(image: string): Promise<string | null> {
    return (await this.find(image))?.digest ?? null;
  }

  async exists(image: string): Promise<boolean> {
    return (await this.find(image)) !== null;
  }

  async tags(repository: string): Promise<readonly string[]> {
    const name = this.read(repository);
    const found: string[] = [];
    let path: string | null = `/v2/${name.path}/tags/list?n=${TAGS_AT_ONCE}`;
    for (let page = 0; path !== null && page < MOST_PAGES; page += 1) {
      const answer: RegistryAnswer = await this.client.ask(path, scopeOf(name, 'pull'));
      if (answer.status === 404) return [];
      if (answer.status !== 200) throw refusal(this.client.asker, `list the tags of ${repository}`, answer);
      found.push(...tagsOf(answer.body));
      path = nextOf(answer);
    }
    return [...new Set(found)].sort();
  }

  async verify(image: string): Promise<void> {
    if (this.read(image).reference?.startsWith('sha256:') !== true)
      throw new DomainError('unprocessable_entity', `${image} names no digest, so nothing can be compared with it`);
    if (!(await this.exists(image)))
      throw new DomainError(
        'unprocessable_entity',
        `the registry ${this.access.place.name} does not hold ${image}, although it took the push`,
      );
  }

  async remove(image: string): Promise<boolean> {
    const name = this.read(image);
    const path = `/v2/${name.path}/manifests/${name.reference ?? ''}`;
    const answer = await this.client.ask(path, scopeOf(name, 'pull,delete'), { method: 'DELETE' });
    if (answer.status === 404) return false;
    if (answer.status === 202 || answer.status === 200 || answer.status === 204) return true;
    throw refusal(this.client.asker, `remove ${image}`, answer);
  }

  /** Only of the one registry that is ours: the password is nobody else's. */
  private read(image: string): ImageName {
    const name = readImageName(image);
    if (name?.registry === this.access.place.name) return name;
    throw new DomainError('unprocessable_entity', `${image} is not an image of the registry ${this.access.place.name}`);
  }

  private digestOfBytes(image: string, { headers, body }: RegistryAnswer): string {
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    const asked = image.includes('@') ? image.slice(image.indexOf('@') + 1) : digest;
    const said = headers['docker-content-digest'] ?? digest;
    if (digest === asked && digest === said) return digest;
    throw new DomainError(
      'unprocessable_entity',
      `the registry ${this.access.place.name} answers ${image} with other bytes than its digest says: they have ${digest}`,
    );
  }
}

/** The right that a question takes, as token servers know it. */
function scopeOf({ path }: ImageName, actions: string): string {
  return `repository:${path}:${actions}`;
}

/** A manifest, its configuration and its layers; of an index, what it names. */
function bytesOf(body: Buffer): number {
  const manifest = JSON.parse(body.toString()) as { config?: Part; layers?: Part[]; manifests?: Part[] };
  const parts = [manifest.config, ...(manifest.layers ?? []), ...(manifest.manifests ?? [])];
  return parts.reduce((sum, part) => sum + (part?.size ?? 0), body.length);
}

interface Part {
  readonly size?: number;
}

function tagsOf(body: Buffer): readonly string[] {
  const { tags } = JSON.parse(body.toString()) as { tags?: string[] | null };
  return tags ?? [];
}

/** The path of `Link: </v2/…>; rel="next"`; only the path, so that no registry sends us elsewhere. */
function nextOf({ headers }: RegistryAnswer): string | null {
  const [, target] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(String(headers['link'] ?? '')) ?? [];
  if (target === undefined || !URL.canParse(target, 'http://registry')) return null;
  const { pathname, search } = new URL(target, 'http://registry');
  return `${pathname}${search}`;
}
