/** `npm run quickstart`: makes the compiled code runnable, and hands over to it. */
import { prepare } from './bootstrap.mjs';

prepare();
await import('../dist/tools/quickstart/main.js');
