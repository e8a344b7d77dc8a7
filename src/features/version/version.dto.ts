import { API_VERSION } from '../../http/version.js';

/** Which Jockey this is. */
export class VersionDto {
  /** The version of this Jockey: three numbers, as Semantic Versioning has them. It is in the header `Jockey-Version` of every answer too. */
  version!: string;

  /** The version of the API, one number: while it stays, nothing that a client knows is taken away. */
  api!: string;
}

/** A version as an answer shows it. */
export const VERSION_EXAMPLE: VersionDto = { version: '0.1.0', api: API_VERSION };
