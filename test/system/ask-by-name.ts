import { Agent, request } from 'node:http';

/** An answer of a router. */
export interface RouterAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Asks a router for a page of a host name, as a browser does whose DNS leads there: over a connection of its own, unless an
 * agent is given, as nginx closes resting ones when it reloads. Rejects after 10 s of silence.
 */
export function askByName(url: string, host: string, agent: Agent | false = false): Promise<RouterAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host }, agent, timeout: 10_000 }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
      answer.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer from ${url} for ${host}`)));
    asked.on('error', reject);
    asked.end();
  });
}

/** Faults of a stream of requests, until `end`: every answer that is not 200, and every one that does not come. */
export class SteadyClient {
  readonly faults: string[] = [];
  requests = 0;
  private readonly agent: Agent;
  private readonly done: Promise<unknown>;
  private ended = false;

  /** Four requests at a time, one after the other without a pause. */
  constructor(
    private readonly url: string,
    private readonly host: string,
    { keepAlive = true }: { keepAlive?: boolean } = {},
  ) {
    this.agent = new Agent({ keepAlive });
    this.done = Promise.all(Array.from({ length: 4 }, () => this.keepAsking()));
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.done;
    this.agent.destroy();
  }

  private async keepAsking(): Promise<void> {
    while (!this.ended) {
      this.requests += 1;
      await askByName(this.url, this.host, this.agent).then(
        ({ status }) => status === 200 || this.faults.push(`${this.url} answers ${status}`),
        (error: Error) => this.faults.push(`${this.url}: ${error.message}`),
      );
    }
  }
}
