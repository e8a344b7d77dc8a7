import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from './html.js';

/** Every code point, and often those that mean something in HTML. */
const letter = fc.oneof(
  fc.constantFrom(...'&<>"\'#;a'),
  fc.integer({ min: 0, max: 0x10ffff }).map((point) => String.fromCodePoint(point)),
);

describe('html', () => {
  it.each<[string, string, string]>([
    ['an element', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['the end of an attribute', '" onclick="alert(1)', '&quot; onclick=&quot;alert(1)'],
    ['the other quote', "' autofocus='", '&#39; autofocus=&#39;'],
    ['what is escaped already', '&lt;b&gt;', '&amp;lt;b&amp;gt;'],
    ['the end of a comment', '-->', '--&gt;'],
    ['a control character', 'a\u0000b\u001b[31m', 'a\ufffdb\ufffd[31m'],
    ['lines', 'a\n\tb', 'a\n\tb'],
  ])('escapes %s', (_name, value, expected) => {
    expect(html`<p title="${value}">${value}</p>`.text).toBe(`<p title="${expected}">${expected}</p>`);
  });

  it('keeps pieces, joins lists, and leaves out what is not there', () => {
    const items = ['a', '<b>'].map((item) => html`<i>${item}</i>`);
    expect(html`${items}${null}${undefined}${false}${0}`.text).toBe('<i>a</i><i>&lt;b&gt;</i>0');
  });

  it('lets no text out of the place in which it stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: letter }), (value) => {
        const inside = html`${value}`.text;
        expect(inside).not.toMatch(/[<>"']/);
        expect(inside.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
  });

  it('takes nothing for a piece that only looks like one', () => {
    const forged = JSON.parse('{"text":"<b>"}') as string;
    expect(() => html`${forged}`).toThrow();
  });
});
