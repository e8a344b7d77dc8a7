/** An image as the registry holds it. */
export interface RegistryImage {
  /** `sha256:…` */
  readonly digest: string;
  /** What its manifest says that it and its layers take, in bytes; layers are shared, so sums are too high. */
  readonly bytes: number;
}

/**
 * The registry that images are pushed to. Images are named as everywhere: `registry/app:sha`, `registry/app@sha256:…`. A
 * registry that does not answer throws a DomainError `unavailable` that names it; one that refuses (wrong credentials, no
 * right, deletion switched off) throws `unprocessable_entity` with registry and user, never with the password. What is
 * there is said by its content: an answer whose digest is not that of its bytes throws too.
 */
export interface ImageRegistry {
  /** The image under this tag or digest; null when there is none. */
  find(image: string): Promise<RegistryImage | null>;
  /** The digest of the image under this tag or digest; null when there is none. */
  digestOf(image: string): Promise<string | null>;
  /** Whether there is an image under this tag or digest. */
  exists(image: string): Promise<boolean>;
  /** All tags of a repository, `registry/app`; none of one that is not there. */
  tags(repository: string): Promise<readonly string[]>;
  /** Resolves when the registry holds this image, `registry/app@sha256:…`, and its bytes have that digest; else throws. */
  verify(image: string): Promise<void>;
  /** Removes an image, `registry/app@sha256:…`, with all of its tags; false when it was not there. */
  remove(image: string): Promise<boolean>;
}

/** Injection token of {@link ImageRegistry}. */
export const IMAGE_REGISTRY = Symbol('ImageRegistry');
