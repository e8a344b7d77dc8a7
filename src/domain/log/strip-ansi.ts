const ESCAPE = String.fromCharCode(0x1b);
const BELL = String.fromCharCode(0x07);
const CONTROL_SEQUENCE = String.fromCharCode(0x9b);

/**
 * The escape sequences of ECMA-48 that programs print for terminals: control sequences (colours, movements), strings
 * (titles, links) up to their end, and the short ones. Each part is linear in the text.
 */
const SEQUENCES = new RegExp(
  [
    `(?:${ESCAPE}\\[|${CONTROL_SEQUENCE})[0-?]*[ -/]*[@-~]`,
    `${ESCAPE}[\\]PX^_][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)`,
    `${ESCAPE}[ -/]*[0-~]`,
  ].join('|'),
  'g',
);

/** A text without the colours and movements that are meant for a terminal. */
export function stripAnsi(text: string): string {
  return text.includes(ESCAPE) || text.includes(CONTROL_SEQUENCE) ? text.replaceAll(SEQUENCES, '') : text;
}
