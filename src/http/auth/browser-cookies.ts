import type { CookieOptions, Response } from 'express';
import type { HttpRequest } from '../http-request.js';

/** What a browser keeps for us: a sign-in that is under way, and one that was done. */
export type CookieName = 'jockey_sign_in' | 'jockey_session';

/** A cookie that is to be kept. */
export interface Cookie {
  readonly name: CookieName;
  readonly value: string;
  /** How long it is kept, in seconds. */
  readonly seconds: number;
}

/**
 * Reads and writes our cookies. No script reads them, no page of another site sends them with what it asks by itself,
 * and where Jockey is reached by HTTPS they go nowhere without it: then they bear the prefix `__Host-`, by which a
 * browser takes them from this very host alone (RFC 6265bis, section 4.1.3.2).
 */
export class BrowserCookies {
  /** Where Jockey is reached by; else each request says itself whether it came by HTTPS. */
  constructor(private readonly url: string | undefined) {}

  /** Null where the browser sent none. */
  read(request: HttpRequest, name: CookieName): string | null {
    const start = `${this.nameOf(request, name)}=`;
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
    return pairs.find((pair) => pair.startsWith(start))?.slice(start.length) ?? null;
  }

  /** Values are of letters that need no encoding. */
  write(request: HttpRequest, response: Response, { name, value, seconds }: Cookie): void {
    response.cookie(this.nameOf(request, name), value, {
      ...this.options(request),
      maxAge: seconds * 1000,
      encode: (text) => text,
    });
  }

  /** Makes the browser forget one. */
  clear(request: HttpRequest, response: Response, name: CookieName): void {
    response.clearCookie(this.nameOf(request, name), this.options(request));
  }

  private options(request: HttpRequest): CookieOptions {
    return { httpOnly: true, sameSite: 'lax', path: '/', secure: this.isSecure(request) };
  }

  private nameOf(request: HttpRequest, name: CookieName): string {
    return this.isSecure(request) ? `__Host-${name}` : name;
  }

  private isSecure(request: HttpRequest): boolean {
    return this.url === undefined ? request.secure : this.url.startsWith('https:');
  }
}
