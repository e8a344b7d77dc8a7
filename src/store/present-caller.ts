import { AsyncLocalStorage } from 'node:async_hooks';
import type { Caller } from '../domain/access/caller.js';

const storage = new AsyncLocalStorage<Caller>();

/** Runs something on behalf of a caller: lists that are read in it hold only what that caller may see. */
export const onBehalfOf = <T>(caller: Caller, run: () => T): T => storage.run(caller, run);

/** On whose behalf this runs; undefined for the engine, which nobody asks and nothing limits. */
export const presentCaller = (): Caller | undefined => storage.getStore();
