import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { HttpProbe, ProbeAnswer, ProbeTarget } from '../../ports/http-probe.js';

/** Asks with Node's own HTTP client. */
export class NodeHttpProbe implements HttpProbe {
  async get(target: ProbeTarget, timeoutMs: number, signal: AbortSignal): Promise<ProbeAnswer> {
    const late = AbortSignal.timeout(timeoutMs);
    const begin = performance.now();
    try {
      const status = await ask(target, AbortSignal.any([signal, late]));
      return { status, milliseconds: performance.now() - begin };
    } catch (error) {
      const cause = late.aborted ? `no answer within ${timeoutMs / 1000} s` : sentenceOf(error);
      throw unavailable(target.host === null ? target.url : `${target.url} (as ${target.host})`, cause);
    }
  }
}

function ask(target: ProbeTarget, signal: AbortSignal): Promise<number> {
  const url = new URL(target.url);
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    const question = request(url, optionsOf(target, signal), (answer) => {
      readToEnd(answer).then(resolve, reject);
    });
    question.on('error', reject);
    question.end();
  });
}

/** `agent: false` is a connection for this one request; with TLS its certificate is that of the host asked for. */
function optionsOf({ host }: ProbeTarget, signal: AbortSignal): RequestOptions {
  const headers = { 'user-agent': 'jockey-probe', ...(host === null ? {} : { host }) };
  const servername = host === null ? {} : { servername: host.replace(/:[0-9]+$/, '') };
  return { method: 'GET', agent: false, signal, headers, ...servername };
}

/** An answer that breaks off in the middle is none. */
async function readToEnd(answer: IncomingMessage): Promise<number> {
  for await (const _chunk of answer);
  return answer.statusCode ?? 0;
}
