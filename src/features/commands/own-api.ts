import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Api, ApiRefusal } from '../../commands/command.js';
import type { Caller } from '../../domain/access/caller.js';
import { OneTimeTokens } from '../../http/auth/one-time-tokens.js';

type Body = Readonly<Record<string, unknown>>;

/** How long one question of a command may take, in milliseconds. */
const PATIENCE = 30_000;

/** An address that stands for all of the machine's. */
const ANY = /^(0\.0\.0\.0|::)$/;

/**
 * This process's own API, asked over HTTP as any client asks it: rights, checks, audit and limits are those of every
 * request.
 */
@Injectable()
export class OwnApi {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly tokens: OneTimeTokens,
  ) {}

  /**
   * The API on behalf of a caller. Requests carry the id of the one that they belong to, and where that has an
   * `Idempotency-Key`, each POST one that is made of it and of its number: a command that is repeated does nothing twice.
   */
  onBehalfOf(caller: Caller, { requestId, key }: Occasion): Api {
    let posts = 0;
    const headersOf = (method: string): Readonly<Record<string, string>> => ({
      authorization: `Bearer ${this.tokens.tokenFor(caller)}`,
      'x-request-id': requestId,
      ...(key === null || method !== 'POST' ? {} : { 'idempotency-key': partOf(key, (posts += 1)) }),
    });
    return { call: (method, path, body) => this.call({ method, path, body }, headersOf(method)) };
  }

  private async call<T>(asked: Asked, headers: Readonly<Record<string, string>>): Promise<T> {
    const response = await fetch(`${this.url}${asked.path}`, {
      method: asked.method,
      headers: {
        ...headers,
        ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: asked.body === undefined ? null : JSON.stringify(asked.body),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
    return contentOf<T>(response);
  }

  private get url(): string {
    const { address, port, family } = (this.adapter.httpAdapter.getHttpServer() as Listening).address();
    const host = ANY.test(address) ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
    return `http://${host}:${port}`;
  }
}

/** The request that a command came with. */
export interface Occasion {
  readonly requestId: string;
  /** Its `Idempotency-Key`; null where it has none. */
  readonly key: string | null;
}

/** A digest, because the key may be as long as a key may be. */
const partOf = (key: string, number: number): string =>
  `command.${createHash('sha256').update(key).digest('hex')}.${number}`;

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Body | undefined;
}

interface Listening {
  address(): AddressInfo;
}

/** What an answer says: the resource in its envelope, or what has none, as logs. */
async function contentOf<T>(response: Response): Promise<T> {
  const answer = (await response.json()) as { data?: T; error?: { code: string; message: string } };
  if (response.ok) return answer.data === undefined ? (answer as T) : answer.data;
  throw new ApiRefusal(response.status, answer.error?.code ?? 'internal_error', answer.error?.message ?? 'It failed.');
}
