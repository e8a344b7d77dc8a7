import { createHash } from 'node:crypto';

/** An answer with the version of what it shows, which goes out as `ETag`. */
export class Tagged<T> {
  /** `moving`: it shows more than the version tells of, so that its tag has to change with what is shown too. */
  constructor(
    readonly data: T,
    readonly version: number,
    private readonly moving = false,
  ) {}

  /** A strong entity tag: RFC 9110, section 8.8.3. If-Match goes by the version alone. */
  get etag(): string {
    if (!this.moving) return `"${this.version}"`;
    const digest = createHash('sha256').update(JSON.stringify(this.data)).digest('hex');
    return `"${this.version}-${digest.slice(0, 16)}"`;
  }
}
