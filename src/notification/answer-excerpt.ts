/** So much of an answer is kept, in characters: its first line says what there is to say. */
const LONGEST = 300;

/** The beginning of an answer in one line, with each secret taken out, whole or in part, that the receiver repeats. */
export function excerptOf(answer: string, secrets: readonly string[]): string {
  const clean = secrets.filter((each) => each !== '').reduce((text, each) => text.replaceAll(each, '[secret]'), answer);
  const line = clean.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
