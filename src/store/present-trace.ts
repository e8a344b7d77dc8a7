import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/** Runs something as part of a span, which W3C Trace Context writes so. */
export const asPartOf = <T>(traceparent: string, run: () => T): T => storage.run(traceparent, run);

/** The span that this is part of; null where nothing is traced. */
export const presentTrace = (): string | null => storage.getStore() ?? null;
