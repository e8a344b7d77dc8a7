import { readFileSync } from 'node:fs';
import type { ClusterDescription } from '../tools/cluster/layout.js';

/**
 * Where `npm test` has started several clusters, each of Vitest's workers has one to itself, and its test files find
 * that one by the variables by which they would find a single one.
 */
const clusters = JSON.parse(process.env['JOCKEY_TEST_CLUSTERS'] ?? '[]') as readonly string[];
const own = clusters[Number(process.env['VITEST_POOL_ID']) - 1];
if (own !== undefined) {
  const { env } = JSON.parse(readFileSync(own, 'utf8')) as ClusterDescription;
  Object.assign(process.env, env, { JOCKEY_TEST_CLUSTER: own });
}
