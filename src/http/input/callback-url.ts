import { HttpUrl } from './http-url.js';

/** An address that is told of an end: http or https, without a password, which everybody who may read would see. */
export function CallbackUrl() {
  return HttpUrl({ optional: true, nullable: true, example: 'https://ci.example.com/hooks/jockey' });
}
