import { describe, expect, it } from 'vitest';
import { DomainError } from '../../domain/kernel/errors.js';
import { Amount, Flag, OneOf, Text, WholeNumber } from './fields.js';
import { InputPipe, readInput } from './input.pipe.js';

class ParentDto {
  @WholeNumber({ min: 1, max: 9, optional: true })
  count?: number;
}

class SampleDto extends ParentDto {
  @Text({ max: 5 })
  name!: string;

  @Flag({ optional: true })
  flag?: boolean;

  @Amount({ min: 0, max: 1, optional: true, nullable: true })
  share?: number | null;

  @OneOf(['red', 'blue'], { optional: true })
  colour?: string;
}

function faultsOf(input: Record<string, unknown>): Record<string, string> {
  try {
    readInput(SampleDto, input);
    return {};
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return Object.fromEntries(error.fields.map(({ field, message }) => [field, message]));
  }
}

describe('readInput', () => {
  it('makes the DTO of what is good', () => {
    const dto = readInput(SampleDto, { name: 'a', count: 3, flag: false, share: null, colour: 'red' });
    expect(dto).toBeInstanceOf(SampleDto);
    expect({ ...dto }).toEqual({ name: 'a', count: 3, flag: false, share: null, colour: 'red' });
  });

  it('names what is missing, unknown or of another kind, all at once', () => {
    expect(faultsOf({ count: '3', flag: 'true', share: 2, colour: 'green', size: 1 })).toEqual({
      size: 'is not known here; known are: count, name, flag, share, colour.',
      name: 'is required.',
      count: 'is "3", but should be a whole number from 1 to 9.',
      flag: 'is "true", but should be true or false.',
      share: 'is 2, but should be a number from 0 to 1.',
      colour: 'is "green", but should be one of red, blue.',
    });
  });

  it('refuses null where it is not said to be taken', () => {
    expect(Object.keys(faultsOf({ name: null, count: null, flag: null, colour: null })).sort()).toEqual([
      'colour',
      'count',
      'flag',
      'name',
    ]);
  });

  it.each([NaN, Infinity, -0.5])('refuses %s as a number', (share) => {
    expect(Object.keys(faultsOf({ name: 'a', share }))).toEqual(['share']);
  });

  it('refuses what Postgres cannot keep', () => {
    expect(Object.keys(faultsOf({ name: 'a\u0000' }))).toEqual(['name']);
    expect(Object.keys(faultsOf({ name: '\udc00' }))).toEqual(['name']);
    expect(faultsOf({ name: '\u{1f600}' })).toEqual({});
  });

  it('shows long values in short', () => {
    expect(faultsOf({ name: 'a', colour: 'x'.repeat(1000) })['colour']?.length).toBeLessThan(100);
  });

  it('never takes a prototype from outside', () => {
    const input = JSON.parse('{"name":"a","__proto__":{"flag":true}}') as Record<string, unknown>;
    expect(Object.keys(faultsOf(input))).toEqual(['__proto__']);
  });
});

describe('InputPipe', () => {
  const pipe = new InputPipe();
  const query = (value: unknown) => pipe.transform(value, { type: 'query', metatype: SampleDto });

  it('reads the strings of a query by what the fields hold', () => {
    expect(query({ name: '7', count: '3', flag: 'true', share: '0.5' })).toEqual({
      name: '7',
      count: 3,
      flag: true,
      share: 0.5,
    });
  });

  it('leaves bodies as they are', () => {
    expect(() => pipe.transform({ name: 'a', count: '3' }, { type: 'body', metatype: SampleDto })).toThrow(/"3"/);
  });

  it('looks at bodies and queries alone', () => {
    expect(pipe.transform('7', { type: 'param', metatype: String })).toBe('7');
    expect(pipe.transform('x', { type: 'custom' })).toBe('x');
  });
});
