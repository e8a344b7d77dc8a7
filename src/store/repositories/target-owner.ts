/** What the address or the secret of a notification target is sealed for: a box of one opens in no other. */
export function targetOwner(id: string, part: 'url' | 'secret'): string {
  return `notification target ${id} ${part}`;
}
