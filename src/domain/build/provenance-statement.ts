import type { BuildMethod } from './build-settings.js';
import type { Provenance } from './provenance.js';

/** An artifact by its content: https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md */
export interface ResourceDescriptor {
  readonly name?: string;
  readonly uri?: string;
  readonly digest?: Readonly<Record<string, string>>;
}

/** An in-toto statement with the predicate of SLSA provenance: https://slsa.dev/spec/v1.0/provenance */
export interface ProvenanceStatement {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly ResourceDescriptor[];
  readonly predicateType: 'https://slsa.dev/provenance/v1';
  readonly predicate: {
    readonly buildDefinition: {
      readonly buildType: string;
      readonly externalParameters: Readonly<Record<string, string | null>>;
      readonly internalParameters: Readonly<Record<string, string>>;
      readonly resolvedDependencies: readonly ResourceDescriptor[];
    };
    readonly runDetails: {
      readonly builder: { readonly id: string; readonly version: Readonly<Record<string, string>> };
      readonly metadata: { readonly invocationId: string; readonly startedOn: string; readonly finishedOn: string };
    };
  };
}

/** A build whose image is in the registry. */
export interface ProvenBuild {
  readonly id: string;
  /** What was asked for: a branch, a tag, a commit. */
  readonly ref: string;
  readonly method: BuildMethod;
  /** `registry/app@sha256:…` */
  readonly image: string;
  readonly provenance: Provenance;
}

/** What Jockey knows of where an image comes from, in the form that tools for attestations read. It is not signed. */
export function provenanceStatement({ id, ref, method, image, provenance }: ProvenBuild): ProvenanceStatement {
  const { source, sha, builder, baseImages, host, requestedBy, startedAt, finishedAt } = provenance;
  const commit = { uri: `git+${source}@${sha}`, digest: { gitCommit: sha } };
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [byName(image)],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: `urn:jockey:build:${method}:v1`,
        externalParameters: { source, ref, method, requestedBy },
        internalParameters: { host },
        resolvedDependencies: [commit, ...baseImages.map(byUri)],
      },
      runDetails: {
        builder: { id: 'urn:jockey:builder', version: { builder } },
        metadata: { invocationId: `urn:jockey:build:${id}`, startedOn: startedAt, finishedOn: finishedAt },
      },
    },
  };
}

/** An artifact of its own. */
function byName(image: string): ResourceDescriptor {
  const { name, digest } = partsOf(image);
  return { name, ...digest };
}

/** One that it was made of. */
function byUri(image: string): ResourceDescriptor {
  const { name, digest } = partsOf(image);
  return { uri: `oci://${name}`, ...digest };
}

/** `registry/base@sha256:…` in its parts; without a digest where there is none. */
function partsOf(image: string): { readonly name: string; readonly digest: Pick<ResourceDescriptor, 'digest'> } {
  const [, name, sha256] = /^(.*)@sha256:([0-9a-f]{64})$/.exec(image) ?? [];
  return name === undefined || sha256 === undefined
    ? { name: image, digest: {} }
    : { name, digest: { digest: { sha256 } } };
}
