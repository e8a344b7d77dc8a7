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

  /** The API on behalf of a caller. Requests carry the id of the one that they belong to. */
  onBehalfOf(caller: Caller, requestId: string): Api {
    return { call: (method, path, body) => this.call({ method, path, body }, caller, requestId) };
  }

  private async call<T>(asked: Asked, caller: Caller, requestId: string): Promise<T> {
    const response = await fetch(`${this.url}${asked.path}`, {
      method: asked.method,
      headers: {
        authorization: `Bearer ${this.tokens.tokenFor(caller)}`,
        'x-request-id': requestId,
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
