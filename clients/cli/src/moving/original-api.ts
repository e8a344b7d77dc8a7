import { failed } from '../errors.js';
import { httpFetch } from '../http-fetch.js';
import { networkFault } from '../network-fault.js';

/** How long one answer may take, in milliseconds. */
const PATIENCE = 30_000;

/** The most entries a page of the original holds. */
const PER_PAGE = 100;

interface Answer<T> {
  readonly data?: readonly T[];
  readonly error?: { readonly message?: string };
  readonly pagination?: { readonly total_pages?: number };
}

/** The API of the original Jockey, and of this one, which speaks as it did. It is only read. */
export class OriginalApi {
  private readonly url: string;

  constructor(
    url: string,
    private readonly token: string,
  ) {
    this.url = url.replace(/\/+$/, '');
  }

  /** All entries of a list, page by page where it has pages. */
  async list<T>(path: string, filters: Readonly<Record<string, string>> = {}): Promise<readonly T[]> {
    const entries: T[] = [];
    for (let page = 1; ; page += 1) {
      const paging = { page: String(page), per_page: String(PER_PAGE) };
      const { data = [], pagination } = await this.get<T>(path, { ...filters, ...paging });
      entries.push(...data);
      if (data.length === 0 || page >= (pagination?.total_pages ?? 1)) return entries;
    }
  }

  /** The original knew the token as a parameter alone. */
  private async get<T>(path: string, query: Readonly<Record<string, string>>): Promise<Answer<T>> {
    const asked = new URLSearchParams({ github_access_token: this.token, ...query }).toString();
    const request = new Request(`${this.url}${path}?${asked}`, { headers: { accept: 'application/json' } });
    const response = await httpFetch(request, AbortSignal.timeout(PATIENCE)).catch((error: unknown) => {
      throw networkFault(this.url, error);
    });
    const answer = (await response.json().catch(() => null)) as Answer<T> | null;
    if (response.ok && Array.isArray(answer?.data)) return answer;
    const why = answer?.error?.message ?? `it answers ${response.status}, and not as Jockey does`;
    throw failed(`${this.url}${path}: ${why}`, 'Are --from and the token right?');
  }
}
