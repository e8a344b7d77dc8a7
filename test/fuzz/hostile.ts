import fc from 'fast-check';

/** Texts that have broken other programs: injection, encodings, names of the language, sizes, other programs' options. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...[
    "' OR 1=1 --",
    "'; DROP TABLE apps; --",
    '1; DELETE FROM workers',
    '1 UNION ALL VALUES (1)',
    "\\'; --",
    '%',
    '_',
    '$1',
  ],
  ...['\u0000', 'a\u0000b', '\ud800', '\udfff\ud800', 'a\udc00', '\ufeff', '\u202e', 'İ', 'ﬃ', '１２', '\u2028'],
  ...[
    '../../etc/passwd',
    '..\\..\\x',
    '/etc/passwd',
    '.',
    '..',
    '//',
    '%00',
    '%2e%2e%2f',
    '%zz',
    '%c0%ae',
    'file:///etc/passwd',
  ],
  ...[
    '\r\nX-Injected: yes',
    '%0d%0aX-Injected: yes',
    'a\r\n\r\nHTTP/1.1 200 OK',
    '\n{"level":60,"msg":"forged"}',
    '\u001b[2J',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'then',
    'length',
    '__defineGetter__',
  ],
  ...[
    '${7*7}',
    '{{7*7}}',
    '$(id)',
    '`id`',
    '; id',
    '| id',
    '&& id',
    '<script>alert(1)</script>',
    '&lt;',
    '<!DOCTYPE x>',
  ],
  ...[
    '--upload-pack=id',
    '-oProxyCommand=id',
    '-rf',
    '--',
    '@',
    'a..b',
    'refs/heads/*',
    'HEAD~1',
    'main^{tree}',
    ':/x',
  ],
  ...[
    'http://169.254.169.254/',
    'http://127.0.0.1:1/',
    'http://[::1]/',
    'http://user:secret@a.test/',
    'javascript:alert(1)',
    'gopher://x',
  ],
  ...[
    '-1',
    '0',
    '1e999',
    'NaN',
    'Infinity',
    '0x10',
    '1.5',
    '9223372036854775807',
    '9223372036854775808',
    '2147483648',
    '00001',
    '1e3',
  ],
  ...[
    'null',
    'undefined',
    'true',
    'false',
    '[]',
    '{}',
    '*',
    ' ',
    '',
    '\t',
    'a'.repeat(64),
    'a'.repeat(10_000),
    '9'.repeat(400),
    '😀'.repeat(50),
  ],
];

const deep = (depth: number): unknown => {
  let value: unknown = 'the inside';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

/** Values of every other kind. `JSON.parse` gives `__proto__` as a name of its own, as a body does. */
const HOSTILE_VALUES: readonly unknown[] = [
  ...[-1, 0, -0, 1.5, 1e308, 2 ** 31, 2 ** 53, 2 ** 63, -(2 ** 63), true, false, null, [], {}, [[[]]], [null], [{}]],
  JSON.parse('{"__proto__":{"polluted":true}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
  ...[{ $ne: null }, { toString: 'x' }, { length: 1e9 }, { toJSON: 1 }, { id: { id: 1 } }, { '': '' }, { 'a.b': 1 }],
  ...[deep(25), deep(31), deep(60), deep(2000), Array.from({ length: 1000 }, () => 'x')],
  Object.fromEntries(Array.from({ length: 500 }, (_unused, index) => [`KEY_${index}`, 'x'])),
];

/** A text that is up to no good, or just any text. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...HOSTILE_TEXTS), fc.constantFrom(...HOSTILE_TEXTS)).map(([a, b]) => a + b),
  },
);

/** A value that is up to no good, or just any JSON. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_VALUES) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** Names of fields that no schema has. */
export const hostileName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'id',
    'app_id',
    'appId',
    'created_at',
    'version',
    '',
    'a.b',
    'x[y]',
  ),
  hostileText,
);
