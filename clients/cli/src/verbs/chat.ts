import { ok } from '../../../typescript/src/problem.js';
import { safeText } from '../safe-text.js';
import type { Run } from '../verb.js';

/** `chat [WORDS…]` */
export const chat: Run = async ({ client, output }, given) => {
  const words = given.rest('WORDS');
  if (words.length === 0) {
    const { data } = await ok(client.GET('/commands'));
    return output.data(data, (commands) => commands.map(({ usage, about }) => `${usage}: ${about}`));
  }
  const { data } = await ok(client.POST('/commands', { body: { text: words.map(quoted).join(' ') } }));
  output.data(data, ({ text }) => safeText(text).split('\n'));
};

/** A word with spaces stands in quotes, as it did on the command line. */
const quoted = (word: string): string => (/\s/.test(word) ? `"${word}"` : word);
