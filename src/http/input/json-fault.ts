const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![\w.])/y;
const SPACE = /[ \t\r\n]*/y;

type Expected = 'value' | 'first item or ]' | 'first name or }' | 'name' | ':' | ', or end';

/**
 * The place at which a text stops being JSON, as line and column. The runtime's own message is of no use: it often
 * names no place, and quotes the text, which may hold a secret.
 */
export function jsonFault(text: string): { line: number; column: number } {
  const before = text.slice(0, faultIndex(text)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Walks the text token by token, without recursion: nesting may be as deep as the body is long. */
function faultIndex(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let index = skip(SPACE, text, 0);
  while (index < text.length) {
    const end = tokenEnd(text, index, expected);
    if (end === index) return index;
    const next = after(text.charAt(index), expected, open);
    if (next === null) return index;
    expected = next;
    index = skip(SPACE, text, end);
  }
  return index;
}

function tokenEnd(text: string, index: number, expected: Expected): number {
  const char = text.charAt(index);
  if (',:]}'.includes(char)) return index + 1;
  if (expected === ':' || expected === ', or end') return index;
  if (char === '"') return skip(STRING, text, index);
  if (expected === 'name' || expected === 'first name or }') return index;
  return '{['.includes(char) ? index + 1 : skip(SCALAR, text, index);
}

/** What must follow a token; null where the token itself is out of place. */
function after(char: string, expected: Expected, open: ('{' | '[')[]): Expected | null {
  if (char === ':') return expected === ':' ? 'value' : null;
  if (char === ',') return expected === ', or end' && open.length > 0 ? (open.at(-1) === '{' ? 'name' : 'value') : null;
  if (char === ']' || char === '}') return close(char, expected, open);
  if (expected === 'name' || expected === 'first name or }') return ':';
  if (char !== '{' && char !== '[') return ', or end';
  open.push(char);
  return char === '{' ? 'first name or }' : 'first item or ]';
}

function close(char: ']' | '}', expected: Expected, open: ('{' | '[')[]): Expected | null {
  const matching = open.pop() === (char === ']' ? '[' : '{');
  const empty = expected === (char === ']' ? 'first item or ]' : 'first name or }');
  return matching && (empty || expected === ', or end') ? ', or end' : null;
}

/** The index behind what a sticky expression matches at `index`; `index` itself where it does not. */
function skip(expression: RegExp, text: string, index: number): number {
  expression.lastIndex = index;
  return expression.test(text) ? expression.lastIndex : index;
}
