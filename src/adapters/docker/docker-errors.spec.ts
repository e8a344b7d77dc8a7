import { describe, expect, it } from 'vitest';
import { DomainError } from '../../domain/kernel/errors.js';
import type { Host } from '../../domain/host/host.js';
import { failureAt, imageFailure, isPortTaken, wordsOf } from './docker-errors.js';

const HOST: Host = {
  name: 'h1',
  address: '10.0.0.1',
  dockerUrl: 'http://10.0.0.1:2375',
  machine: null,
  agentUrl: 'http://10.0.0.1:8500',
  healthy: true,
  unhealthyBecause: null,
  capacity: null,
};

/** What dockerode throws when Docker answers with an error. */
function answered(statusCode: number, message: string): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message} `), {
    statusCode,
    json: { message },
  });
}

describe('failureAt', () => {
  it('tells what Docker refused in its words', () => {
    expect(failureAt(HOST, 'start web-1', answered(500, 'no space left on device'))).toMatchObject({
      code: 'unprocessable_entity',
      message: 'Docker on host h1 could not start web-1: no space left on device',
    });
  });

  it('names a host that was not reached, and what was tried', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:2375'), { code: 'ECONNREFUSED' });
    expect(failureAt(HOST, 'start web-1', error)).toMatchObject({
      code: 'unavailable',
      message:
        'Docker on host h1 (http://10.0.0.1:2375) does not answer: could not start web-1: connect ECONNREFUSED 10.0.0.1:2375',
    });
  });

  it('hands on what is known already, and faults of the program', () => {
    const known = new DomainError('conflict', 'taken');
    expect(failureAt(HOST, 'start web-1', known)).toBe(known);
    const fault = new TypeError('x is not a function');
    expect(failureAt(HOST, 'start web-1', fault)).toBe(fault);
  });
});

describe('wordsOf', () => {
  it('leaves out the preface of the client', () => {
    expect(wordsOf(answered(409, 'Conflict. The name is in use'))).toBe('Conflict. The name is in use');
    expect(wordsOf(new Error('(HTTP code 500) server error - no space '))).toBe('no space');
  });
});

describe('isPortTaken', () => {
  it.each([
    ['Bind for 0.0.0.0:20001 failed: port is already allocated', true],
    ['listen tcp4 0.0.0.0:20001: bind: address already in use', true],
    ['no space left on device', false],
  ])('%s: %s', (words, expected) => expect(isPortTaken(answered(500, words))).toBe(expected));
});

describe('imageFailure', () => {
  const at = { to: 'push', image: 'registry:5000/app:1' } as const;

  it.each([
    'Get "http://registry:5000/v2/": dial tcp 10.0.0.9:5000: connect: connection refused',
    'Get "https://registry:5000/v2/": http: server gave HTTP response to HTTPS client',
    'dial tcp: lookup registry: no such host',
    'net/http: TLS handshake timeout',
  ])('says first that the registry does not answer: %s', (words) => {
    expect(imageFailure(HOST, at, words).message).toBe(
      `the registry registry:5000 does not answer host h1; host h1 could not push registry:5000/app:1: ${words}`,
    );
  });

  it('leaves a refusal in the words of the registry', () => {
    expect(imageFailure(HOST, at, 'unauthorized: authentication required')).toMatchObject({
      code: 'unprocessable_entity',
      message: 'host h1 could not push registry:5000/app:1: unauthorized: authentication required',
    });
  });
});
