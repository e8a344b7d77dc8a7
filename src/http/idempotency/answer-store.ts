import { Injectable } from '@nestjs/common';
import { type Sealed, SecretBox } from '../../store/secret-box.js';

/** An answer as it lies beside its key. */
export interface StoredAnswer {
  readonly status: number | null;
  readonly answer: unknown;
  readonly sealed: Sealed | null;
}

/** How answers are kept: as they are, or sealed where they hold a secret. */
@Injectable()
export class AnswerStore {
  constructor(private readonly box: SecretBox) {}

  /** Whether the answer can be kept: one with a secret only where there is a key. */
  canKeep({ secret, status }: { secret: boolean; status: number }): boolean {
    return !secret || status >= 400 || this.box.ready;
  }

  /** JSON of the two columns, of which one is null. A refusal holds no secret. */
  toKeep(
    key: string,
    { body, secret, status }: { body: unknown; secret: boolean; status: number },
  ): { plain: string | null; sealed: string | null } {
    const text = JSON.stringify(body ?? null);
    if (!secret || status >= 400) return { plain: text, sealed: null };
    return { plain: null, sealed: JSON.stringify(this.box.seal(text, ownerOf(key))) };
  }

  /** The answer again. */
  read(key: string, { answer, sealed }: StoredAnswer): unknown {
    return sealed === null ? answer : JSON.parse(this.box.open(sealed, ownerOf(key)));
  }
}

const ownerOf = (key: string): string => `answer ${key}`;
