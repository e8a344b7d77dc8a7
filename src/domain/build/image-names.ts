import { LABELS } from '../instance/container-name.js';

/** What an image is made of. */
export interface ImageOrigin {
  readonly app: string;
  /** Where the source is found: a URL. */
  readonly source: string;
  readonly sha: string;
  readonly buildId: string;
  /** When the build was asked for, ISO 8601. */
  readonly created: string;
  /** What builds it, where that is known before: a builder image by digest. */
  readonly builder?: string | null;
  /** What it stands on, where that is known before: `registry/base@sha256:…`. */
  readonly base?: string | null;
  /** Who asked, as the audit names them. */
  readonly requestedBy?: string | null;
}

/** The image's name without tag: `registry/app`. */
export function imageRepository(registry: string, app: string): string {
  return `${registry}/${app.toLowerCase()}`;
}

/** The image by the commit it was made of. */
export function imageTag(registry: string, { app, sha }: Pick<ImageOrigin, 'app' | 'sha'>): string {
  return `${imageRepository(registry, app)}:${sha}`;
}

/** The image by its content, as it is deployed. */
export function imageByDigest(registry: string, app: string, digest: string): string {
  return `${imageRepository(registry, app)}@${digest}`;
}

/**
 * Labels by the OCI's names (https://specs.opencontainers.org/image-spec/annotations/) and ours. Never the label of the
 * app: a container inherits its image's labels, and that one says that a container was made, and may be removed, by
 * Jockey.
 */
export function imageLabels(origin: ImageOrigin): Record<string, string> {
  return {
    'org.opencontainers.image.title': origin.app,
    'org.opencontainers.image.source': origin.source,
    'org.opencontainers.image.revision': origin.sha,
    'org.opencontainers.image.created': origin.created,
    ...baseLabels(origin.base ?? null),
    ...(origin.builder == null ? {} : { [BUILDER_LABEL]: origin.builder }),
    ...(origin.requestedBy == null ? {} : { [REQUESTED_BY_LABEL]: origin.requestedBy }),
    [LABELS.build]: origin.buildId,
    [LABELS.sha]: origin.sha,
  };
}

/** Labels for what the OCI has no name for: what built an image, and who asked for it. */
export const BUILDER_LABEL = 'io.jockey.builder';
export const REQUESTED_BY_LABEL = 'io.jockey.requested_by';

function baseLabels(base: string | null): Record<string, string> {
  const [name = '', digest] = (base ?? '').split('@');
  return {
    ...(name === '' ? {} : { 'org.opencontainers.image.base.name': name }),
    ...(digest === undefined ? {} : { 'org.opencontainers.image.base.digest': digest }),
  };
}
