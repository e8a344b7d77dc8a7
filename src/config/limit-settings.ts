import { Transform } from 'class-transformer';
import { IsInt, Max, Min, ValidateBy } from 'class-validator';
import { toNumber } from './read-value.js';
import { RunSettings } from './run-settings.js';

const RATE = { message: 'should be a whole number, 0 to 1000000' };

const SOCKETS = { message: 'should be a whole number, 1 to 1000' };

/** What Express takes for "trust proxy", apart from functions: https://expressjs.com/en/guide/behind-proxies.html. */
const PROXY =
  /^(loopback|linklocal|uniquelocal|[0-9]{1,3}(\.[0-9]{1,3}){3}(\/[0-9]{1,2})?|[0-9a-f:]*:[0-9a-f:]*(\/[0-9]{1,3})?)$/i;

const HOPS = /^[0-9]$/;

/** How much a caller may ask, and from where. */
export class LimitSettings extends RunSettings {
  /** Requests that one caller may send in a minute to one process; strangers count by address. 0 for no limit. */
  @Transform(toNumber)
  @IsInt(RATE)
  @Min(0, RATE)
  @Max(1_000_000, RATE)
  RATE_LIMIT_PER_MINUTE = 1200;

  /** Failed sign-ins from one address in a minute, after which only tokens that have proven good are taken from it. 0 for no limit. */
  @Transform(toNumber)
  @IsInt(RATE)
  @Min(0, RATE)
  @Max(1_000_000, RATE)
  SIGN_IN_FAILURES_PER_MINUTE = 20;

  /** WebSockets that one caller may have open at once in one process, for consoles and events. */
  @Transform(toNumber)
  @IsInt(SOCKETS)
  @Min(1, SOCKETS)
  @Max(1000, SOCKETS)
  SOCKETS_PER_CALLER = 50;

  /** Origins of web pages that may ask from a browser, with commas between: `https://deploys.example.com`. None where nothing is said. */
  @ValidateBy({
    name: 'origins',
    validator: {
      validate: (value) => wordsOf(value).every(isOrigin),
      defaultMessage: () => 'should be origins with commas between: https://deploys.example.com',
    },
  })
  CORS_ORIGINS = '';

  /** Proxies whose `X-Forwarded-For` is believed: how many stand in front (1 to 9), or their addresses and networks with commas between. 0 for none. */
  @ValidateBy({
    name: 'proxies',
    validator: {
      validate: (value) => HOPS.test(String(value)) || wordsOf(value).every((word) => PROXY.test(word)),
      defaultMessage: () => 'should be a number of proxies, 0 to 9, or their addresses with commas between: 10.0.0.0/8',
    },
  })
  TRUST_PROXY = '0';
}

/** The words of a list with commas between; what is no text has one that nothing takes. */
export function wordsOf(value: unknown): readonly string[] {
  if (typeof value !== 'string') return ['?'];
  return value === '' ? [] : value.split(',').map((word) => word.trim());
}

/** Whether a text is an origin as browsers send it: RFC 6454, no path and no capitals. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
