/** Where a registry is, and how it may be spoken to. */
export interface RegistryPlace {
  /** The registry as it stands in the names of images: `registry.example.com:5000`. */
  readonly name: string;
  /** `https://registry.example.com:5000` */
  readonly url: string;
}

/** What the configuration says of the registry. */
export interface RegistryAddress {
  /** The registry, with a path below it where wanted: `registry:5000/team`. */
  readonly address: string;
  /** Where it is reached, where that is somewhere else. */
  readonly apiUrl: string | undefined;
  /** Names of registries that are spoken to without TLS. */
  readonly plainHttp: readonly string[];
  /** Whether certificates of a private authority are known: then the registry has TLS, also on the loopback address. */
  readonly hasAuthority: boolean;
}

/** `localhost`, `127.0.0.1`, without the port: Docker speaks to these without TLS too. */
const LOOPBACK = /^(localhost|127(\.[0-9]{1,3}){3})$/;

/** Where the registry is reached: with TLS, unless it is named as one without, or is on this machine itself. */
export function registryPlace({ address, apiUrl, plainHttp, hasAuthority }: RegistryAddress): RegistryPlace {
  const [name = ''] = address.split('/');
  if (apiUrl !== undefined) return { name, url: apiUrl.replace(/\/+$/, '') };
  const loopback = LOOPBACK.test(name.replace(/:[0-9]+$/, '')) && !hasAuthority;
  const plain = plainHttp.includes(name) || loopback;
  return { name, url: `${plain ? 'http' : 'https'}://${name}` };
}

/** An image or a repository by the parts of its name. */
export interface ImageName {
  readonly registry: string;
  /** The repository below the registry: `team/shop`. */
  readonly path: string;
  /** The tag or digest; null for a repository alone. */
  readonly reference: string | null;
}

const NAME = /^([^/]+)\/([a-z0-9._/-]+?)(?:@(sha256:[0-9a-f]{64})|:([\w][\w.-]{0,127}))?$/;

/** Reads `registry/team/shop@sha256:…`, `registry/team/shop:tag` or `registry/team/shop`; null for anything else. */
export function readImageName(text: string): ImageName | null {
  const [, registry, path, digest, tag] = NAME.exec(text) ?? [];
  return registry === undefined || path === undefined ? null : { registry, path, reference: digest ?? tag ?? null };
}
