import { usage } from '../errors.js';
import type { Run } from '../verb.js';
import { OriginalApi } from './original-api.js';
import { readOriginal } from './read-original.js';
import { runImport } from './run-import.js';

/** `import:original --from URL` */
export const importOriginal: Run = async (context, given) => {
  const from = given.text('from');
  const token = given.text('token') ?? context.world.environment['JOCKEY_ORIGINAL_TOKEN'];
  if (from === undefined || !/^https?:\/\//.test(from))
    throw usage('Where the original Jockey is, is not said.', 'Say it with --from https://old-jockey.example.com');
  if (token === undefined || token === '')
    throw usage('The original Jockey wants a token.', 'Set JOCKEY_ORIGINAL_TOKEN, or say --token TOKEN');
  context.output.progress(`Reading ${from} …`);
  const theirs = await readOriginal(new OriginalApi(from, token), given.texts('only'));
  return runImport(context, given, theirs);
};
