import type { Config } from './merge-config.js';
import { sameSecret, type SecretMark, type SecretMarks } from './secret-mark.js';

/** The variables of one version, as far as they may be seen. */
export interface SeenVariables {
  readonly config: Config;
  readonly secrets: SecretMarks;
}

/** One variable of a version: a value, or what may be known of a secret. */
export type SeenVariable =
  { readonly kind: 'plain'; readonly value: string } | { readonly kind: 'secret'; readonly mark: SecretMark };

/** A variable that two versions do not have in common. */
export interface VariableChange {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Null where it is added. */
  readonly from: SeenVariable | null;
  /** Null where it is removed. */
  readonly to: SeenVariable | null;
}

/** What the second has otherwise than the first, in alphabetical order. No secret is opened for it. */
export function diffVariables(from: SeenVariables, to: SeenVariables): VariableChange[] {
  const names = [...new Set([from, to].flatMap(({ config, secrets }) => Object.keys({ ...config, ...secrets })))];
  return names.sort().flatMap((name): VariableChange[] => {
    const [before, after] = [seen(from, name), seen(to, name)];
    if (same(before, after)) return [];
    const change = before === null ? 'added' : after === null ? 'removed' : 'changed';
    return [{ name, change, from: before, to: after }];
  });
}

function seen({ config, secrets }: SeenVariables, name: string): SeenVariable | null {
  const mark = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  if (mark !== undefined) return { kind: 'secret', mark };
  const value = Object.hasOwn(config, name) ? config[name] : undefined;
  return value === undefined ? null : { kind: 'plain', value };
}

function same(one: SeenVariable | null, other: SeenVariable | null): boolean {
  if (one?.kind === 'plain' && other?.kind === 'plain') return one.value === other.value;
  if (one?.kind === 'secret' && other?.kind === 'secret') return sameSecret(one.mark, other.mark);
  return one === other;
}
