import { describe, expect, it } from 'vitest';
import { InPlace } from './in-place.js';

/** As much of a terminal as is needed: what stands in its rows after all that was written. */
function screen(columns: number) {
  const rows: string[] = [''];
  let row = 0;
  const move = (by: number) => {
    row = Math.max(0, row + by);
    while (rows.length <= row) rows.push('');
  };
  const write = (text: string): boolean => {
    for (const [part] of text.matchAll(/\u001b\[\??\d*[A-Za-z]|\n|\r|[^\u001b\n\r]+/g)) {
      if (part === '\n') move(1);
      else if (part.endsWith('A') && part.startsWith('\u001b')) move(-Number.parseInt(part.slice(2)));
      else if (part === '\u001b[J') rows.length = row + 1;
      else if (!part.startsWith('\u001b') && part !== '\r') rows[row] = part;
    }
    return true;
  };
  return { terminal: { write, columns }, rows, text: () => rows.join('\n').trimEnd() };
}

describe('InPlace', () => {
  it('shows lines in place of those before, also where there are more or fewer', () => {
    const { terminal, text } = screen(40);
    const inPlace = new InPlace(terminal);
    inPlace.show(['title', 'said last', 'foot', 'foot 2']);
    inPlace.show(['title', 'web', 'slot 1', 'said last', 'foot', 'foot 2']);
    expect(text()).toBe('title\nweb\nslot 1\nsaid last\nfoot\nfoot 2');
  });

  it('takes away what is not shown any more', () => {
    const written: string[] = [];
    const inPlace = new InPlace({ columns: 40, write: (text: string) => written.push(text) > 0 });
    inPlace.show(['one', 'two', 'three']);
    inPlace.show(['one']);
    expect(written[1]).toBe('\u001b[?2026h\r\u001b[3Aone\u001b[K\n\u001b[J\u001b[?2026l');
  });

  it('writes nothing where nothing has changed', () => {
    const written: string[] = [];
    const inPlace = new InPlace({ columns: 40, write: (text: string) => written.push(text) > 0 });
    inPlace.show(['one']);
    inPlace.show(['one']);
    expect(written).toHaveLength(1);
  });

  it('goes up by the rows that a narrower terminal has made of the lines', () => {
    const written: string[] = [];
    const terminal = { columns: 40, write: (text: string) => written.push(text) > 0 };
    const inPlace = new InPlace(terminal);
    inPlace.show(['x'.repeat(40), 'foot']);
    terminal.columns = 20;
    inPlace.show(['x'.repeat(20), 'foot']);
    expect(written[1]).toContain('\u001b[3A');
  });
});
