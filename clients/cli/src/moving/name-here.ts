/** A name as it may be here: `Test App_2` is `test-app-2`. */
export function nameHere(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '');
}
