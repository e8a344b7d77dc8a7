import { provenanceStatement } from '../../domain/build/provenance-statement.js';
import { BUILD_EXAMPLE } from './build.dto.js';
import { PROVENANCE_EXAMPLE } from './provenance.dto.js';

/** A statement of in-toto (v1) with the predicate of SLSA provenance (v1). It is not signed. */
export class ProvenanceStatementDto {
  /** `https://in-toto.io/Statement/v1` */
  _type!: string;

  /** The image, by its digest: `[{name, digest: {sha256}}]`. */
  subject!: Record<string, unknown>[];

  /** `https://slsa.dev/provenance/v1` */
  predicateType!: string;

  /** What was built of what (`buildDefinition`), and by what, when (`runDetails`): https://slsa.dev/spec/v1.0/provenance */
  predicate!: Record<string, unknown>;
}

/** The statement of the example of a build. */
export const PROVENANCE_STATEMENT_EXAMPLE = {
  ...provenanceStatement({
    ...{ id: BUILD_EXAMPLE.id, ref: BUILD_EXAMPLE.ref, method: 'dockerfile', image: BUILD_EXAMPLE.image ?? '' },
    provenance: {
      ...{ source: PROVENANCE_EXAMPLE.source, sha: PROVENANCE_EXAMPLE.sha, builder: PROVENANCE_EXAMPLE.builder },
      ...{ host: PROVENANCE_EXAMPLE.host, requestedBy: PROVENANCE_EXAMPLE.requested_by },
      baseImages: PROVENANCE_EXAMPLE.base_images,
      startedAt: PROVENANCE_EXAMPLE.started_at,
      finishedAt: PROVENANCE_EXAMPLE.finished_at,
    },
  }),
} as unknown as ProvenanceStatementDto;
