import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SecretBox } from './secret-box.js';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];

describe('SecretBox', () => {
  const box = new SecretBox(NEW, [OLD]);

  it.each(['', 'hunter2', 'ü\n🐎', 'x'.repeat(100_000)])('gives back what it sealed', (text) => {
    expect(box.open(box.seal(text, 'a'), 'a')).toBe(text);
  });

  it('never seals the same text in the same way', () => {
    expect(box.seal('hunter2', 'a').box).not.toBe(box.seal('hunter2', 'a').box);
  });

  it('opens what an old key sealed, and seals with the new', () => {
    const sealed = new SecretBox(OLD).seal('hunter2', 'a');
    expect(box.open(sealed, 'a')).toBe('hunter2');
    expect(box.seal('hunter2', 'a').key).toBe(new SecretBox(NEW).keyName);
    expect(() => new SecretBox(NEW).open(sealed, 'a')).toThrow(/SECRETS_OLD_KEYS/);
  });

  it('opens nothing of which one byte was changed, or that belongs elsewhere', () => {
    const sealed = box.seal('hunter2', 'a');
    const bytes = Buffer.from(sealed.box, 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => box.open({ ...sealed, box: changed.toString('base64') }, 'a')).toThrow('cannot be opened');
    }
    expect(() => box.open(sealed, 'b')).toThrow('cannot be opened');
  });

  it('says the same of the same secret, and nothing without a key', () => {
    expect(box.fingerprint('hunter2')).toBe(box.fingerprint('hunter2'));
    expect(box.fingerprint('hunter2')).not.toBe(box.fingerprint('hunter3'));
    expect(box.fingerprint('hunter2')).not.toBe(new SecretBox(OLD).fingerprint('hunter2'));
    const none = new SecretBox(null);
    expect(none.ready).toBe(false);
    expect(() => none.seal('hunter2', 'a')).toThrow('SECRETS_KEY');
  });
});
