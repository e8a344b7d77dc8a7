import { Fault } from './errors.js';
import { EXIT } from './exit-codes.js';

/** What each code of the system and of TLS tells a person, and what to do. */
const SAID: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ['nothing listens there', 'Is Jockey up, and is the port right?'],
  ENOTFOUND: ['there is no such host', 'Is the name in jockey_url (~/.jockeyrc) or JOCKEY_URL right?'],
  EAI_AGAIN: ['the name cannot be looked up', 'Is this machine online?'],
  EHOSTUNREACH: ['there is no way to that host', 'Is a VPN needed?'],
  ENETUNREACH: ['there is no way to that network', 'Is this machine online?'],
  ETIMEDOUT: ['it does not answer', 'Is a VPN needed, or a firewall in between?'],
  ECONNRESET: ['it broke the connection off', 'Was it stopped just now, or is it http where https is wanted?'],
  EPROTO: ['it does not speak TLS', 'Is it https where http is wanted?'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['it does not speak TLS', 'Is it https where http is wanted?'],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['it does not speak TLS', 'Is it https where http is wanted?'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Whoever runs it has to renew it.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another name',
    'Is the name in jockey_url or JOCKEY_URL right?',
  ],
};

const OWN_AUTHORITY = 'Set NODE_EXTRA_CA_CERTS to the file of the authority that signed it, if you trust it.';

const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** Why no answer came, in plain words. */
export function networkFault(url: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof Error && error.name === 'TimeoutError') return noAnswer(url, 'it does not answer', null);
  const { code, message } = rootOf(error);
  if (UNTRUSTED.has(code))
    return noAnswer(url, 'its certificate is signed by nobody this machine trusts', OWN_AUTHORITY);
  if (code.startsWith('HPE_')) return noAnswer(url, 'what answers there does not speak HTTP', 'Is the port right?');
  const [said, hint] = SAID[code] ?? [message, null];
  return noAnswer(url, said, hint);
}

const noAnswer = (url: string, said: string, hint: string | null): Fault =>
  new Fault(`Jockey at ${url} cannot be asked: ${said}.`, EXIT.failed, hint, 'no_answer');

/** Node wraps several tries into one fault, and a library may wrap that again. */
function rootOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  if (error.cause instanceof Error) return rootOf(error.cause);
  return { code: 'code' in error ? String(error.code) : '', message: error.message };
}
