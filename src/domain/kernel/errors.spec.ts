import { describe, expect, it } from 'vitest';
import { DomainError, invalid, notFound, sentenceOf, unavailable } from './errors.js';

describe('expected failures', () => {
  it('name the thing that is not there, and cut what was asked for', () => {
    expect(notFound('app', 'blog')).toMatchObject({ code: 'not_found', message: 'There is no app "blog".' });
    expect(notFound('app', 'x'.repeat(500)).message.length).toBeLessThan(120);
  });

  it('name the field that breaks a rule, in the sentence and as data', () => {
    const error = invalid('scale', 'should be a whole number.');
    expect(error).toBeInstanceOf(DomainError);
    expect(error.message).toBe('scale should be a whole number.');
    expect(error.fields).toEqual([{ field: 'scale', message: 'should be a whole number.' }]);
  });

  it('name the part that does not answer, and what was seen', () => {
    expect(unavailable('Consul', 'connection refused')).toMatchObject({
      code: 'unavailable',
      message: 'Consul does not answer: connection refused',
    });
  });
});

describe('sentenceOf', () => {
  it.each([
    ['the message of an error', new Error('disk full'), 'disk full'],
    ['the name of an error without a message', new TypeError(), 'TypeError'],
    ['all errors of a silent aggregate', new AggregateError([new Error('one'), new Error('two')]), 'one; two'],
    ['the message of an aggregate that has one', new AggregateError([new Error('one')], 'both failed'), 'both failed'],
    ['whatever else was thrown, as text', 42, '42'],
  ])('is %s', (_what, thrown, sentence) => expect(sentenceOf(thrown)).toBe(sentence));
});
