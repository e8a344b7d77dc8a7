/** What stands at a path of names in an answer: `environment.name`; undefined where there is nothing. */
export function fieldAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (seen, name) => (typeof seen === 'object' && seen !== null ? (seen as Record<string, unknown>)[name] : undefined),
      value,
    );
}

/** The value in a word or two: a named thing by its name, a list by its entries. */
export function inWords(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  if (typeof value !== 'object') return String(value as string | number | boolean);
  const { name, id } = value as { readonly name?: unknown; readonly id?: unknown };
  if (typeof name === 'string') return name;
  if (typeof id === 'string') return id;
  return Object.entries(value)
    .filter(([, each]) => each !== null && each !== '')
    .map(([key, each]) => `${key} ${inWords(each)}`)
    .join(', ');
}
