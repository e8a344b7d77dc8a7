/** How a registry wants to be told who asks: the `WWW-Authenticate` of RFC 9110, with what the token endpoint needs. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      readonly realm: string;
      readonly service: string | null;
      readonly scope: string | null;
    };

const PARAMETER = /([a-z_]+)="((?:[^"\\]|\\.)*)"/gi;

/** Reads the header; null where nothing that is known stands in it. */
export function readChallenge(header: string | undefined): Challenge | null {
  const [scheme = ''] = (header ?? '').split(' ', 1);
  if (scheme.toLowerCase() === 'basic') return { scheme: 'basic' };
  if (scheme.toLowerCase() !== 'bearer') return null;
  const found = new Map([...(header ?? '').matchAll(PARAMETER)].map(([, name, value]) => [name?.toLowerCase(), value]));
  const realm = found.get('realm');
  if (realm === undefined) return null;
  return { scheme: 'bearer', realm, service: found.get('service') ?? null, scope: found.get('scope') ?? null };
}
