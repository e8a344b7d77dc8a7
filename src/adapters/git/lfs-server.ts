import { createReadStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';
import type { OutboundRules } from '../../domain/outbound/outbound-rules.js';
import { readable } from './git-tree.js';
import { askLfs } from './lfs-http.js';
import type { LfsPlace } from './lfs-place.js';
import { lfsPath, type LfsStore, type LfsWanted } from './lfs-store.js';
import { brokenLfs, silentLfs } from './source-faults.js';

/** So many objects are asked for in one question, as git-lfs does, and so many are fetched at once. */
const ASKED_AT_ONCE = 100;
const FETCHED_AT_ONCE = 4;
/** Longest answer to a question, in bytes. */
const LONGEST_ANSWER = 4 * 1024 * 1024;
const MEDIA_TYPE = 'application/vnd.git-lfs+json';

type Remote = Exclude<LfsPlace, { readonly folder: string }>;

/** Where an object can be fetched, or why not. */
interface Offer {
  readonly oid?: string;
  readonly error?: { readonly message?: string };
  readonly actions?: { readonly download?: { readonly href?: string; readonly header?: Record<string, string> } };
}

/** A server of Git LFS by its batch API, or the folder that a repository on the disk has instead. */
export class LfsServer {
  constructor(
    private readonly place: LfsPlace,
    private readonly rules: OutboundRules,
    private readonly signal: AbortSignal,
  ) {}

  /** Brings all of them into the store. Throws for the first that cannot be had, with its path. */
  async bring(wanted: readonly LfsWanted[], store: LfsStore): Promise<void> {
    for (let from = 0; from < wanted.length; from += ASKED_AT_ONCE) {
      const some = wanted.slice(from, from + ASKED_AT_ONCE);
      const { place } = this;
      if ('folder' in place) await atOnce(some, (each) => this.copy(each, place.folder, store));
      else await this.fetch(some, place, store);
    }
  }

  private async copy(wanted: LfsWanted, folder: string, store: LfsStore): Promise<void> {
    const open = () => createReadStream(lfsPath(folder, wanted.oid));
    await this.named(wanted, folder, () => store.take(wanted, open, this.signal));
  }

  private async fetch(some: readonly LfsWanted[], place: Remote, store: LfsStore): Promise<void> {
    const [first] = some;
    if (first === undefined) return;
    const offers = await this.named(first, place.url, () => this.offersFor(some, place));
    await atOnce(some, (each) =>
      this.named(each, place.url, () =>
        store.take(each, () => this.download(offers.get(each.oid), place), this.signal),
      ),
    );
  }

  /** The batch API: https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md */
  private async offersFor(some: readonly LfsWanted[], place: Remote): Promise<ReadonlyMap<string, Offer>> {
    const objects = some.map(({ oid, size }) => ({ oid, size }));
    const url = `${place.url}/objects/batch`;
    const body = JSON.stringify({ operation: 'download', transfers: ['basic'], hash_algo: 'sha256', objects });
    const headers = { accept: MEDIA_TYPE, 'content-type': MEDIA_TYPE, ...credentialsFor(url, place) };
    const response = await this.ask({ url, headers, body }, place);
    const answer = JSON.parse(await shortText(response)) as { readonly objects?: readonly Offer[] };
    return new Map((answer.objects ?? []).map((offer) => [offer.oid ?? '', offer]));
  }

  private async download(offer: Offer | undefined, place: Remote): Promise<IncomingMessage> {
    const { href, header = {} } = offer?.actions?.download ?? {};
    if (href === undefined || !URL.canParse(href))
      throw new Error(
        `the server does not have it${offer?.error?.message === undefined ? '' : `: ${offer.error.message}`}`,
      );
    const given = Object.keys(header).some((name) => name.toLowerCase() === 'authorization');
    const headers = { ...(given ? {} : credentialsFor(href, place)), ...header };
    return this.ask({ url: href, headers, body: null }, place);
  }

  private async ask(asked: Parameters<typeof askLfs>[0], { host }: Remote): Promise<IncomingMessage> {
    const response = await askLfs(asked, { host, rules: this.rules, signal: this.signal });
    if (response.statusCode === 200) return response;
    response.resume();
    throw new HttpStatus(response.statusCode ?? 0);
  }

  /** Whatever went wrong names the file. */
  private async named<T>({ path }: LfsWanted, server: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.signal.throwIfAborted();
      const about = { path: readable(path), server };
      throw isSilence(error) ? silentLfs(about, sentenceOf(error)) : brokenLfs(about, sentenceOf(error));
    }
  }
}

/** The server answered with something else than what was asked for. */
class HttpStatus extends Error {
  constructor(readonly status: number) {
    super(`the server answered with HTTP ${status}${HINTS[status] ?? ''}`);
  }
}

const HINTS: Readonly<Record<number, string>> = {
  401: ', so Jockey may not read it',
  403: ', so Jockey may not read it',
  404: ', so it has no Git LFS for this repository, or Jockey may not read it',
};

const CONNECTION = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ERR_STREAM_PREMATURE)/;

function isSilence(error: unknown): boolean {
  if (error instanceof DomainError) return false;
  if (error instanceof HttpStatus) return error.status >= 500 || error.status === 429;
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return CONNECTION.test(code ?? '') || /socket hang up|nothing was sent for|aborted/.test(message ?? '');
}

/** The token goes to the configured GitHub alone. */
function credentialsFor(url: string, { credentials }: Remote): Record<string, string> {
  return credentials !== null && url.startsWith(credentials.base) ? { authorization: credentials.header } : {};
}

async function shortText(response: IncomingMessage): Promise<string> {
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > LONGEST_ANSWER) response.destroy(new Error(`the answer has more than ${LONGEST_ANSWER} bytes`));
  });
  return text(response);
}

/** Works on all, a few at a time; the first that fails ends it, once those under way have ended. */
async function atOnce<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const worker = async () => {
    for (let each = left.shift(); each !== undefined; each = left.shift()) await work(each);
  };
  const ends = await Promise.allSettled(Array.from({ length: FETCHED_AT_ONCE }, worker));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
