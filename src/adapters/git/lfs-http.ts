import { lookup } from 'node:dns';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { DomainError } from '../../domain/kernel/errors.js';
import { refusalOfAddress, refusalOfIp, type OutboundRules } from '../../domain/outbound/outbound-rules.js';

/** What is asked of a server of Git LFS, or of the place to which it sends. */
export interface LfsRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as a POST; null for a GET. */
  readonly body: string | null;
}

/** Who may be asked, and until when. */
export interface LfsLimits {
  /** The host and port that the repository itself is on, which may be asked wherever it is. */
  readonly host: string;
  readonly rules: OutboundRules;
  readonly signal: AbortSignal;
}

/** A server that has sent nothing for so many milliseconds is given up; git's own patience. */
const PATIENCE = 60_000;
const MOST_REDIRECTS = 3;

/**
 * Asks, and answers as soon as there are headers. Where a commit or a server sends to another host than the repository's, the
 * address has to be public or listed by OUTBOUND_ALLOW; and from https nothing leads to http.
 */
export async function askLfs(asked: LfsRequest, limits: LfsLimits, redirects = 0): Promise<IncomingMessage> {
  const response = await once(asked, limits);
  const { statusCode: status = 0, headers } = response;
  if (status < 300 || status > 399 || headers.location === undefined) return response;
  response.resume();
  if (redirects >= MOST_REDIRECTS) throw refused(`${new URL(asked.url).host} redirects too often`);
  const next = new URL(headers.location, asked.url);
  if (asked.url.startsWith('https:') && next.protocol !== 'https:')
    throw refused(`${new URL(asked.url).host} redirects to an address without https`);
  const isSame = next.host === new URL(asked.url).host;
  return askLfs({ ...asked, url: next.href, headers: isSame ? asked.headers : {} }, limits, redirects + 1);
}

function once({ url, headers, body }: LfsRequest, limits: LfsLimits): Promise<IncomingMessage> {
  const address = new URL(url);
  const isOwn = address.host === limits.host;
  const refusal = isOwn ? null : refusalOfAddress(limits.rules, address);
  if (!/^https?:$/.test(address.protocol)) throw refused(`${address.protocol} is no protocol of Git LFS`);
  if (refusal !== null) throw refused(`The address ${address.host} ${refusal}`);
  const request = address.protocol === 'https:' ? requestHttps : requestHttp;
  const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const asking = request(address, {
      method: body === null ? 'GET' : 'POST',
      headers: { 'user-agent': 'jockey', ...headers, ...length },
      signal: limits.signal,
      timeout: PATIENCE,
      ...(isOwn ? {} : { lookup: guarded(limits.rules) }),
    });
    asking.once('timeout', () => asking.destroy(new Error(`nothing was sent for ${PATIENCE / 1000} s`)));
    asking.once('error', reject).once('response', resolve);
    asking.end(body ?? undefined);
  });
}

/** What it answers is what is connected to: a name that leads elsewhere the next time gains nothing. */
function guarded(rules: OutboundRules): LookupFunction {
  return (host, { all }, done) => {
    lookup(host, { all: true, verbatim: true }, (error, addresses) => {
      if (error !== null) return done(error, '');
      const refusal = addresses.map(({ address }) => refusalOfIp(rules, address, host)).find((each) => each !== null);
      const [first] = addresses;
      if (refusal !== undefined) return done(refused(`The address ${host} ${refusal}`), '');
      if (first === undefined) return done(new Error(`${host} has no address`), '');
      return all === true ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
}

function refused(words: string): DomainError {
  return new DomainError('unprocessable_entity', words);
}
