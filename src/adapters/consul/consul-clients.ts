import Consul from 'consul';
import { sentenceOf, unavailable, type DomainError } from '../../domain/kernel/errors.js';
import { within } from '../within.js';

/** Time for one question, in milliseconds. */
const QUESTION = 10_000;

/** Opens one client an address: Consul's own, and the agents of the hosts. */
export class ConsulClients {
  private readonly clients = new Map<string, Consul>();

  constructor(private readonly token: string | undefined) {}

  /** The client of an agent's HTTP API. */
  at(url: string): Consul {
    const known = this.clients.get(url);
    if (known !== undefined) return known;
    const { hostname, port, protocol } = new URL(url);
    const secure = protocol === 'https:';
    const client = new Consul({
      host: hostname,
      port: Number(port) || (secure ? 443 : 80),
      secure,
      defaults: this.token === undefined ? {} : { token: this.token },
    });
    this.clients.set(url, client);
    return client;
  }

  /** Asks an agent, within a time limit; what goes wrong names the agent. */
  async ask<T>(url: string, question: (consul: Consul) => Promise<T>): Promise<T> {
    try {
      return await within(QUESTION, question(this.at(url)));
    } catch (error) {
      throw failureAt(url, error);
    }
  }
}

/** Anything that went wrong between us and an agent. */
export function failureAt(url: string, error: unknown): DomainError {
  return unavailable(`Consul at ${url}`, sentenceOf(error));
}
