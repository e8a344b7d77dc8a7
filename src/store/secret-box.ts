import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { DomainError } from '../domain/kernel/errors.js';

/** A secret as it lies in the database: AES-256-GCM, with the name of the key that sealed it. */
export interface Sealed {
  /** Name of the key: the beginning of its digest. */
  readonly key: string;
  /** Nonce of 12 bytes, tag of 16 bytes and ciphertext, in base64. */
  readonly box: string;
}

/** NIST SP 800-38D: a nonce of 96 bits, and the whole tag. */
const NONCE = 12;
const TAG = 16;

/** Characters of a fingerprint: 48 bits, enough to tell two secrets of one name apart. */
const FINGERPRINT = 12;

/**
 * Seals and opens secrets. The first key seals; all of them open. What a secret belongs to is sealed with it, so that
 * a box that is copied to another row does not open there.
 */
export class SecretBox {
  private readonly keys: ReadonlyMap<string, Buffer>;

  constructor(
    private readonly sealing: Buffer | null,
    older: readonly Buffer[] = [],
  ) {
    this.keys = new Map([...(sealing === null ? [] : [sealing]), ...older].map((key) => [nameOf(key), key]));
  }

  /** Whether a key is configured. */
  get ready(): boolean {
    return this.sealing !== null;
  }

  /** Name of the key that seals; throws where there is none. */
  get keyName(): string {
    return nameOf(this.required());
  }

  /** Seals a text for what it belongs to, such as `config set 12 DATABASE_URL`. Throws where there is no key. */
  seal(text: string, belongsTo: string): Sealed {
    const key = this.required();
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(belongsTo));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return { key: nameOf(key), box: Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64') };
  }

  /** The text again; throws where its key is not configured, or one byte of it was changed. */
  open({ key: name, box }: Sealed, belongsTo: string): string {
    const key = this.keys.get(name);
    if (key === undefined) throw cannotOpen(belongsTo, `its key ${name} is not configured; add it to SECRETS_OLD_KEYS`);
    const bytes = Buffer.from(box, 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(Buffer.from(belongsTo)).setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
    } catch {
      throw cannotOpen(belongsTo, 'it was changed, or belongs to something else');
    }
  }

  /** Tells two secrets apart and says nothing of them: without the key nobody can try guesses. */
  fingerprint(text: string): string {
    return createHmac('sha256', this.required()).update(text).digest('hex').slice(0, FINGERPRINT);
  }

  private required(): Buffer {
    if (this.sealing !== null) return this.sealing;
    throw new DomainError(
      'unprocessable_entity',
      'No secret can be kept: set SECRETS_KEY (openssl rand -base64 32) or SECRETS_KEY_FILE for the API and the engine.',
    );
  }
}

const nameOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

const cannotOpen = (what: string, why: string): DomainError =>
  new DomainError('internal_error', `The secret of ${what} cannot be opened: ${why}.`);
