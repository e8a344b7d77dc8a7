import { Buffer } from 'node:buffer';
import type { SecretBox } from '../../store/secret-box.js';

/** What a sealed text looks like: the name of the key and the box, both without letters that cookies cannot hold. */
const SHAPE = /^([0-9a-f]{1,64})\.([A-Za-z0-9_-]{1,3600})$/;

/** Seals a text into letters that a cookie can hold. */
export function sealText(box: SecretBox, text: string, belongsTo: string): string {
  const sealed = box.seal(text, belongsTo);
  return `${sealed.key}.${Buffer.from(sealed.box, 'base64').toString('base64url')}`;
}

/** Opens it again; null for what was not sealed here, for something else, or by a key that is gone. */
export function openText(box: SecretBox, text: string, belongsTo: string): string | null {
  const [, key, bytes] = SHAPE.exec(text) ?? [];
  if (key === undefined || bytes === undefined) return null;
  try {
    return box.open({ key, box: Buffer.from(bytes, 'base64url').toString('base64') }, belongsTo);
  } catch {
    return null;
  }
}
