/**
 * Puts the values of every `enum` of a document in the order of the alphabet, null last.
 *
 * The compiler lists a union's members in the order in which it came upon them, so that a line moved in one file would
 * change the document of another. Objects are changed in place; lists are not, as they may be constants of the code.
 */
export function sortEnums(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node))
    if (key === 'enum' && isValues(value)) Object.assign(node, { enum: [...value].sort(byName) });
    else sortEnums(value);
}

/** A property may be named enum too; then it is an object. */
const isValues = (value: unknown): value is (string | null)[] =>
  Array.isArray(value) && value.every((item) => item === null || typeof item === 'string');

function byName(one: string | null, other: string | null): number {
  if (one === other) return 0;
  if (one === null) return 1;
  return other === null || one < other ? -1 : 1;
}
