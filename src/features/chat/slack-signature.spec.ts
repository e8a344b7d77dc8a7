import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isFromSlack } from './slack-signature.js';

/** The example of Slack's own page on verifying requests. */
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const NOW = 1_531_420_618_000;
const BODY = Buffer.from('token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&command=%2Fweather&text=94070');

const sign = (timestamp: string, body = BODY, secret = SECRET) =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body.toString()}`).digest('hex')}`;

describe('isFromSlack', () => {
  it('takes what is signed, within five minutes', () => {
    for (const timestamp of ['1531420618', '1531420318', '1531420918'])
      expect(isFromSlack({ signature: sign(timestamp), timestamp, body: BODY }, SECRET, NOW)).toBe(true);
  });

  it.each([
    ['too old', '1531420317', sign('1531420317')],
    ['of the future', '1531420919', sign('1531420919')],
    ['without a signature', '1531420618', undefined],
    ['without a time', undefined, sign('1531420618')],
    ['of another time', '1531420617', sign('1531420618')],
    ['of another secret', '1531420618', sign('1531420618', BODY, 'other')],
    ['of another body', '1531420618', sign('1531420618', Buffer.from('text=rollback'))],
    ['cut', '1531420618', sign('1531420618').slice(0, -1)],
    ['with a time that is no number', '15314206e2', sign('15314206e2')],
    ['empty', '', ''],
  ])('refuses what is %s', (_, timestamp, signature) => {
    expect(isFromSlack({ signature, timestamp, body: BODY }, SECRET, NOW)).toBe(false);
  });
});
