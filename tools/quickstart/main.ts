import { SetupFailure } from '../machine/failure.js';
import { mainProgram } from '../machine/main-program.js';
import { quickstart } from './quickstart.js';

const ONCE = '--once';

await mainProgram(async () => {
  const args = process.argv.slice(2);
  const unknown = args.find((arg) => arg !== ONCE);
  if (unknown !== undefined)
    throw new SetupFailure(
      `"${unknown}" is no option of quickstart`,
      `The only one is ${ONCE}: end after the page is shown.`,
    );
  await quickstart({ once: args.includes(ONCE) || process.env['QUICKSTART_ONCE'] === '1' });
});
