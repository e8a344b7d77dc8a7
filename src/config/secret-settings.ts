import { IsOptional, IsString, Matches } from 'class-validator';
import { CiSettings } from './ci-settings.js';

/** A key of AES-256 in base64. */
const KEY = /^[A-Za-z0-9+/]{43}=$/;

const KEYS = /^[A-Za-z0-9+/]{43}=( *, *[A-Za-z0-9+/]{43}=)*$/;

const MESSAGE = 'should be 32 bytes in base64, as of: openssl rand -base64 32';

/** What is kept secret in the database, and by which key. */
export class SecretSettings extends CiSettings {
  /** The key by which secrets are sealed in the database: 32 bytes in base64. Without it no secret is taken. */
  @IsOptional()
  @Matches(KEY, { message: MESSAGE })
  SECRETS_KEY?: string;

  /** A file that holds the key, in the place of `SECRETS_KEY`. */
  @IsOptional()
  @IsString()
  SECRETS_KEY_FILE?: string;

  /** Earlier keys, with commas between: what they sealed can still be opened, until `npm run secrets:rotate` is done. */
  @IsOptional()
  @Matches(KEYS, { message: `${MESSAGE}, with commas between` })
  SECRETS_OLD_KEYS?: string;
}
