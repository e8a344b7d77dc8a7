/**
 * The header by which a POST that is sent again gives the first answer again: `params: { ...idempotent(key) }`. Without
 * a key it makes one, which is good for one call and its repetitions.
 */
export function idempotent(key: string = crypto.randomUUID()): { readonly header: { 'Idempotency-Key': string } } {
  return { header: { 'Idempotency-Key': key } };
}
