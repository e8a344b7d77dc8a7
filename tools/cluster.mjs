/** `npm run cluster:up`, `npm run cluster:down`: makes the compiled code runnable, and hands over to it. */
import { prepare } from './bootstrap.mjs';

prepare();
await import('../dist/tools/cluster/main.js');
