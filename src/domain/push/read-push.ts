import { SHA } from '../kernel/names.js';
import type { Push } from './push.js';

/** Longest ref that is read, in characters: git's own files of refs allow no longer one. */
const LONGEST_REF = 255;

/**
 * Reads the payload of a push event, https://docs.github.com/en/webhooks/webhook-events-and-payloads#push. Only own
 * fields are looked at. Answers null for what is no push: without repository, or without ref.
 */
export function readPush(payload: unknown): Push | null {
  const repo = textOf(own(own(payload, 'repository'), 'full_name'));
  const ref = textOf(own(payload, 'ref'));
  if (repo === null || ref === null || ref.length > LONGEST_REF) return null;
  const head = own(payload, 'head_commit');
  const headSha = shaOf(own(head, 'id'));
  return {
    repo,
    ref,
    deleted: own(payload, 'deleted') === true,
    forced: own(payload, 'forced') === true,
    sha: ref.startsWith('refs/tags/') || headSha === null ? headSha : shaOf(own(payload, 'after')),
    message: textOf(own(head, 'message')) ?? '',
    pushedAt: secondsOf(own(own(payload, 'repository'), 'pushed_at')),
  };
}

/** An own field of an object; undefined for everything else. What is inherited was not sent. */
function own(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[field];
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const secondsOf = (value: unknown): number | null => (Number.isSafeInteger(value) ? (value as number) : null);

const shaOf = (value: unknown): string | null => (typeof value === 'string' && SHA.test(value) ? value : null);
