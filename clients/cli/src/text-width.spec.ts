import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { textWidth } from './text-width.js';

describe(textWidth, () => {
  it.each([
    '',
    'web.1',
    'wörker',
    'e\u0301te\u0301',
    '日本語',
    'ｆｕｌｌ',
    '한국어',
    '🚀 deploy',
    '👩‍👩‍👧 family',
    'a…b',
    '✓ done',
    '🇩🇪',
  ])('of %j is what string-width says', (text) => expect(textWidth(text)).toBe(stringWidth(text)));
});
