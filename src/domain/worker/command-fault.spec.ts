import { describe, expect, it } from 'vitest';
import { commandFault } from './command-fault.js';

describe('commandFault', () => {
  it.each(['', 'bin/migrate', `sh -c "a && 'b'"`])('finds none in %j', (command) =>
    expect(commandFault(command)).toBeNull(),
  );

  it('says what is wrong as a predicate', () => {
    expect(commandFault('sh -c "a')).toBe('has an opening " without its closing one.');
    expect(commandFault('a\\')).toMatch(/^ends with a backslash/);
  });
});
