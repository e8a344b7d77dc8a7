import { CommandFault } from './command.js';

/** Longest line, in characters: that of a message in a chat. */
export const LONGEST = 3000;

/** One word: bare, or within quotes, in which everything but the quote stands for itself. Chats make quotes curly. */
const WORD = /"([^"]*)"|“([^”]*)”|'([^']*)'|([^\s"“']+)/gu;

/** The words of a line. Throws {@link CommandFault} for a quote that is not closed and for a line that is too long. */
export function wordsOf(line: string): readonly string[] {
  if (line.length > LONGEST) throw new CommandFault(`A command has at most ${LONGEST} characters.`);
  const bare = line.replaceAll(WORD, '').trim();
  if (bare !== '') throw new CommandFault('A quote is not closed.');
  return [...line.matchAll(WORD)].map(([, straight, curly, single, word]) => straight ?? curly ?? single ?? word ?? '');
}
