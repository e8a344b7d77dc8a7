/** Deepest nesting of a JSON body that is taken; no body of the API needs more than 5, one of GitHub's none above 12. */
export const DEEPEST = 32;

/**
 * Whether a text nests deeper than that many objects and lists, were it JSON. It walks the text once and keeps nothing,
 * so that a body made of brackets costs no more than any other.
 */
export function nestsDeeper(text: string, most = DEEPEST): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (inString && char === '\\') index += 1;
    else if (char === '"') inString = !inString;
    else if (!inString) depth += STEP[char ?? ''] ?? 0;
    if (depth > most) return true;
  }
  return false;
}

const STEP: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };
