/** Fetches a page within a few seconds; throws unless the answer is a good one. */
export async function fetchOk(url: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3000), ...init });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return answer;
}

/** Fetches JSON; the caller knows its shape. */
export async function fetchJson<T>(url: string, init: RequestInit = {}): Promise<T> {
  return (await (await fetchOk(url, init)).json()) as T;
}
