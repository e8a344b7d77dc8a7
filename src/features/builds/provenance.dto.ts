/** Where an image comes from. */
export class ProvenanceDto {
  /** The repository: its URL. */
  source!: string;

  /** The full commit id. */
  sha!: string;

  /** What built it: BuildKit and the Docker that has it, or the builder image by digest. */
  builder!: string;

  /** What it stands on, by digest where that is known; empty for `FROM scratch`. */
  base_images!: string[];

  /** The host that built it. */
  host!: string;

  /** Who asked for it, as the audit names them; null where nobody did. */
  requested_by!: string | null;

  /** When the building began: ISO 8601, UTC. */
  started_at!: string;

  /** When the image was in the registry: ISO 8601, UTC. */
  finished_at!: string;
}

/** A provenance as an answer shows it. */
export const PROVENANCE_EXAMPLE: ProvenanceDto = {
  source: 'https://github.com/jockey/sample',
  sha: '678d49f786ba777441ee9106c1be390048c539ac',
  builder: 'BuildKit of Docker 20.10.24',
  base_images: ['registry.example.com/ruby@sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef'],
  host: 'h3',
  requested_by: 'octocat',
  started_at: '2026-11-21T03:36:01.000Z',
  finished_at: '2026-11-21T03:36:08.000Z',
};
