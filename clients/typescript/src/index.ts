/** A client of the REST API of Jockey: every path, parameter, body and answer has the type that the document gives it. */
export { createJockeyClient, type JockeyClient, type JockeyOptions } from './client.js';
export { idempotent } from './idempotent.js';
export { JockeyProblem, ok } from './problem.js';
export type { paths, Schemas } from './types.js';
export { waitForBuild, waitForDeploy, waitForReconcile, type Waiting } from './wait.js';
