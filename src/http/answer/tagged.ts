/** An answer with the version of what it shows, which goes out as `ETag`. */
export class Tagged<T> {
  constructor(
    readonly data: T,
    readonly version: number,
  ) {}

  /** A strong entity tag: RFC 9110, section 8.8.3. */
  get etag(): string {
    return `"${this.version}"`;
  }
}
