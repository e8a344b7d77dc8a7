import type { SecretMark } from '../domain/config-set/secret-mark.js';
import type { Sealed, SecretBox } from './secret-box.js';

/** A secret variable as a version of a Config Set keeps it. */
export interface SealedSecret extends SecretMark {
  readonly sealed: Sealed;
}

/** The secrets of a version, by name. */
export type SealedSecrets = Readonly<Record<string, SealedSecret>>;

/** What a secret is sealed for: all versions of its Config Set may hold it, and no other row. */
export const ownerOf = (configSetId: string, name: string): string => `config set ${configSetId} ${name}`;

/** A secret to be sealed. */
export interface OpenSecret {
  readonly configSetId: string;
  readonly name: string;
  readonly value: string;
  /** The version of the Config Set that sets it. */
  readonly version: number;
}

/** Seals one. Throws where no key is configured. */
export function sealSecret(box: SecretBox, { configSetId, name, value, version }: OpenSecret): SealedSecret {
  const owner = ownerOf(configSetId, name);
  return { sealed: box.seal(value, owner), version, fingerprint: fingerprintOf(box, owner, value) };
}

/**
 * The fingerprint holds the owner too: whoever may set variables of one app could otherwise try there which value
 * another app's secret has.
 */
export const fingerprintOf = (box: SecretBox, owner: string, value: string): string =>
  box.fingerprint(`${owner}\0${value}`);

/** The values, by name. Throws the sentence of the first that cannot be opened. */
export function openSecrets(box: SecretBox, configSetId: string, secrets: SealedSecrets): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, { sealed }]) => [name, box.open(sealed, ownerOf(configSetId, name))]),
  );
}

/** Bytes of a sealed text: all but nonce (12) and tag (16). */
export const sizeOf = ({ box }: Sealed): number => Buffer.byteLength(box, 'base64') - 28;
