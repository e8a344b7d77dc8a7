/** `npm run docs:site`: makes the compiled code runnable, and hands over to it. */
import { prepare } from './bootstrap.mjs';

prepare();
await import('../dist/tools/docs/site/main.js');
