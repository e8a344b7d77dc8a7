import { fingerprintOf } from './sealed-secrets.js';
import type { Sealed, SecretBox } from './secret-box.js';

/** A secret of builds as it lies in the database. */
export interface SealedBuildSecret {
  readonly sealed: Sealed;
  /** Tells two values of one name apart, and nothing else of them. */
  readonly fingerprint: string;
}

/** What a secret of builds is called, and whose it is. */
export interface BuildSecretOwner {
  readonly appId: string;
  readonly name: string;
}

const ownerOf = ({ appId, name }: BuildSecretOwner): string => `builds of app ${appId} ${name}`;

/** Seals one. Throws where no key is configured. */
export function sealBuildSecret(box: SecretBox, of: BuildSecretOwner, value: string): SealedBuildSecret {
  const owner = ownerOf(of);
  return { sealed: box.seal(value, owner), fingerprint: fingerprintOf(box, owner, value) };
}

/** The value again. Throws the sentence that says why it cannot be opened. */
export function openBuildSecret(box: SecretBox, of: BuildSecretOwner, { sealed }: SealedBuildSecret): string {
  return box.open(sealed, ownerOf(of));
}

/** Seals one with the present key; a fingerprint is made by the key too. */
export function resealBuildSecret(box: SecretBox, of: BuildSecretOwner, secret: SealedBuildSecret): SealedBuildSecret {
  return sealBuildSecret(box, of, openBuildSecret(box, of, secret));
}
