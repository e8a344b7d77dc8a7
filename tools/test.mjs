/** `npm test`: everything, from nothing. `npm test -- --only=system` runs one part; see tools/test/parts.ts. */
import { prepare } from './bootstrap.mjs';

prepare();
const { main } = await import('../dist/tools/test/main.js');
await main(process.argv.slice(2));
