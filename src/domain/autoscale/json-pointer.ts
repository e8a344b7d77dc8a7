/** What a pointer leads to; `found` is false where the document has nothing there. */
export type Pointed = { readonly found: true; readonly value: unknown } | { readonly found: false };

/** Why a text is no JSON pointer (RFC 6901); a predicate sentence, or null for one that is. */
export function pointerFault(text: string): string | null {
  if (text !== '' && !text.startsWith('/'))
    return 'is no JSON pointer: it should begin with /, as /queues/0/length, or be empty for the whole document.';
  return /~(?![01])/.test(text) ? 'is no JSON pointer: ~ stands only before 0 (for ~) or 1 (for /).' : null;
}

/** Follows a JSON pointer (RFC 6901) into a parsed document. What a name inherits is not in the document. */
export function pointedAt(document: unknown, pointer: string): Pointed {
  const steps = pointer.split('/').slice(1);
  let value = document;
  for (const step of steps.map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    if (typeof value !== 'object' || value === null || !holds(value, step)) return { found: false };
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return { found: true, value };
}

/** An index of a list has no leading zeros (RFC 6901 section 4); `length` is no member of it. */
function holds(value: object, step: string): boolean {
  if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(step)) return false;
  return Object.hasOwn(value, step);
}
