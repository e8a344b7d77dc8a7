import { describe, expect, it } from 'vitest';
import { JockeyProblem } from '../../typescript/src/problem.js';
import type { Schemas } from '../../typescript/src/types.js';
import { Fault } from './errors.js';
import { faultOf } from './fault-of.js';
import { networkFault } from './network-fault.js';

const problem = (status: number, code: Schemas['ErrorCode']): JockeyProblem =>
  new JockeyProblem(status, { detail: 'It is so.', error: { code }, request_id: 'r-1' } as Schemas['Problem']);

describe(faultOf, () => {
  it.each([
    [401, 'not_authenticated', 5, 'jockey login'],
    [403, 'forbidden', 5, 'whoami'],
    [423, 'resource_locked', 5, null],
    [409, 'conflict', 7, null],
    [412, 'stale', 7, 'again'],
    [422, 'record_invalid', 1, null],
    [422, 'unprocessable_entity', 2, null],
    [500, 'internal_error', 2, 'r-1'],
    [503, 'unavailable', 2, null],
  ] as const)('ends %i %s by %i', (status, code, ...[exitCode, hint]) => {
    const fault = faultOf(problem(status, code), null);
    expect(fault).toMatchObject({ message: 'It is so.', exitCode, code });
    expect(fault.hint ?? '').toContain(hint ?? '');
  });

  it('names another version only where that may be the cause', () => {
    expect(faultOf(problem(404, 'not_found'), 'The server is older.').hint).toBe('The server is older.');
    expect(faultOf(problem(409, 'conflict'), 'The server is older.').hint).toBeNull();
  });

  it('ends in some way by a code that it does not know', () => {
    expect(faultOf(problem(418, 'teapot' as Schemas['ErrorCode']), null).exitCode).toBe(2);
  });

  it('lets a fault be', () => {
    const fault = new Fault('So.', 6);
    expect(faultOf(fault, 'older')).toBe(fault);
  });
});

const failed = (code: string): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(`connect ${code}`), { code }) });

describe(networkFault, () => {
  it.each([
    [failed('ECONNREFUSED'), 'nothing listens there'],
    [failed('ENOTFOUND'), 'no such host'],
    [failed('CERT_HAS_EXPIRED'), 'certificate has expired'],
    [failed('ERR_TLS_CERT_ALTNAME_INVALID'), 'for another name'],
    [failed('DEPTH_ZERO_SELF_SIGNED_CERT'), 'signed by nobody'],
    [failed('HPE_INVALID_CONSTANT'), 'does not speak HTTP'],
    [failed('E_UNHEARD_OF'), 'connect E_UNHEARD_OF'],
    [new DOMException('late', 'TimeoutError'), 'does not answer'],
    [new TypeError('fetch failed', { cause: new AggregateError([failed('ECONNREFUSED')]) }), 'nothing listens there'],
  ])('%s', (error, said) => {
    const fault = networkFault('https://jockey.example.com', error);
    expect(fault).toMatchObject({ exitCode: 2, message: expect.stringContaining(said) });
    expect(fault.message).toContain('https://jockey.example.com');
  });
});
