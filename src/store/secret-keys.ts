import { readFileSync } from 'node:fs';
import type { SecretSettings } from '../config/secret-settings.js';
import { SecretBox } from './secret-box.js';

const BYTES = 32;

/** The box with the configured keys. A key file that cannot serve ends the start. */
export function secretBoxOf(settings: SecretSettings): SecretBox {
  const { SECRETS_KEY: key, SECRETS_KEY_FILE: file, SECRETS_OLD_KEYS: older = '' } = settings;
  const text = key ?? (file === undefined ? undefined : readFileSync(file, 'utf8').trim());
  const old = older.split(',').filter((each) => each.trim() !== '');
  return new SecretBox(text === undefined ? null : keyOf(text), old.map(keyOf));
}

function keyOf(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === BYTES) return key;
  throw new Error(`SECRETS_KEY_FILE should hold ${BYTES} bytes in base64, as of: openssl rand -base64 ${BYTES}`);
}
