import { JockeyProblem } from '../../typescript/src/problem.js';
import type { Schemas } from '../../typescript/src/types.js';
import { Fault } from './errors.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** How the program ends by each code of the API: a new code does not compile without an end. */
const EXIT_OF_CODE: Readonly<Record<Schemas['ErrorCode'], ExitCode>> = {
  bad_request: EXIT.usage,
  not_found: EXIT.usage,
  method_not_allowed: EXIT.usage,
  payload_too_large: EXIT.usage,
  unsupported_media_type: EXIT.usage,
  upgrade_required: EXIT.usage,
  record_invalid: EXIT.usage,
  unprocessable_entity: EXIT.failed,
  internal_error: EXIT.failed,
  unavailable: EXIT.failed,
  rate_limited: EXIT.failed,
  not_authenticated: EXIT.refused,
  forbidden: EXIT.refused,
  resource_locked: EXIT.refused,
  conflict: EXIT.conflict,
  stale: EXIT.conflict,
};

const HINT_OF_CODE: Readonly<Partial<Record<Schemas['ErrorCode'], string>>> = {
  not_authenticated: 'The token is not, or no longer, valid: run `jockey login`, or set JOCKEY_OAUTH_TOKEN.',
  forbidden: '`jockey whoami` shows what you may do where.',
  stale: 'Look at it again, and repeat the change.',
};

/** Codes that a server of another version may give for what it does not know. */
const STRANGE: ReadonlySet<string> = new Set(['not_found', 'method_not_allowed', 'bad_request', 'record_invalid']);

/**
 * What is told of an error, whatever it is. `difference` says whether the server is of another version, where that may
 * be the cause.
 */
export function faultOf(error: unknown, difference: string | null): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof JockeyProblem) return faultOfProblem(error, difference);
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Fault(`A fault of this program: ${said}`, EXIT.failed, difference, 'internal');
}

function faultOfProblem({ status, problem, code }: JockeyProblem, difference: string | null): Fault {
  if (problem === null || code === null) return ofNobody(status, difference);
  const exit = (EXIT_OF_CODE as Readonly<Record<string, ExitCode>>)[code] ?? EXIT.failed;
  const hint =
    HINT_OF_CODE[code] ?? (code === 'internal_error' ? `Its log has more under ${problem.request_id}.` : null);
  return new Fault(problem.detail, exit, STRANGE.has(code) && difference !== null ? difference : hint, code);
}

const ofNobody = (status: number, difference: string | null): Fault =>
  new Fault(`The answer has the status ${status}, and does not say why.`, EXIT.failed, difference, 'no_problem');
