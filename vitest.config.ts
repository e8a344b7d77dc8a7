import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.js';

/** Compiles decorators as `tsc` does, so that Nest, TypeORM and class-validator see what they see in production. */
const shared = {
  environment: 'node' as const,
  setupFiles: ['test/setup.ts'],
  restoreMocks: true,
};

/**
 * Each file has a database of its own and keeps nothing in modules, so files share one world each thread: most of their
 * time would go into loading Jockey. They wait for Postgres as long as they compute, hence one thread more than cores.
 */
const ON_STORES = {
  pool: 'threads' as const,
  isolate: false,
  maxWorkers: 3,
  globalSetup: ['test/remove-templates.ts'],
};

/** Each file has hosts to itself, so as many run side by side as `npm test` has started clusters. */
const ON_CLUSTERS = {
  setupFiles: [...shared.setupFiles, 'test/own-cluster.ts'],
  maxWorkers: (JSON.parse(process.env['JOCKEY_TEST_CLUSTERS'] ?? '[0]') as readonly unknown[]).length,
};

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        // They touch nothing outside themselves, so they share one world each thread: a third of the time.
        test: {
          ...shared,
          name: 'unit',
          include: ['src/**/*.spec.ts', 'clients/cli/src/**/*.spec.ts', 'test/unit/**/*.spec.ts'],
          pool: 'threads',
          isolate: false,
          // On two cores Vitest would use one.
          maxWorkers: 2,
          // Properties compute for seconds where other work has the cores too; what hangs is still cut.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          ...ON_STORES,
          name: 'api',
          include: ['test/api/**/*.spec.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          ...ON_STORES,
          name: 'engine',
          // Tests that run side by side mostly wait for what routers take to see a change.
          maxConcurrency: 12,
          include: ['test/engine/**/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          ...ON_CLUSTERS,
          name: 'contract',
          include: ['test/contract/**/*.spec.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'fuzz',
          include: ['test/fuzz/**/*.fuzz.ts'],
          testTimeout: 900_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          ...ON_CLUSTERS,
          name: 'system',
          include: ['test/system/**/*.spec.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
