import { mainProgram } from '../machine/main-program.js';
import { quickstart } from './quickstart.js';

await mainProgram(quickstart);
