import type { DeployOutcome } from '../../domain/deploy/deploy-lifecycle.js';
import type { ErrorCode } from '../../domain/kernel/errors.js';

/** Where something comes from, and what helps. Markdown of one paragraph each. */
export interface Advice {
  readonly cause: string;
  readonly cure: string;
}

/** Of each code; the page docs/reference/errors.md is written from it, and a new code does not compile without one. */
export const ADVICE_OF_CODE: Record<ErrorCode, Advice> = {
  bad_request: {
    cause:
      'The body is no JSON or form, a parameter stands twice, the path cannot be decoded, or the nesting is too deep.',
    cure: 'Mend what `detail` names. With `curl`, `--data-urlencode` saves `&`, `+` and spaces in forms.',
  },
  not_authenticated: {
    cause:
      'There is no token, or it is unknown, expired or revoked; or GitHub does not say that its owner is a member of `GITHUB_ORG`.',
    cure:
      'Send `Authorization: Bearer TOKEN`. `GET /me` says who a token is. A classic token of GitHub needs the scope ' +
      '`read:org`. In the browser sign in at `/auth/github`; in a terminal, `jockey login`.',
  },
  forbidden: {
    cause: 'The caller may see it and not do this to it; or a page of another origin asked by the cookie of a session.',
    cure: 'The sentence names the right that is missing. `GET /me` lists what the caller may; an admin gives more, as [access](../access.md) tells.',
  },
  not_found: {
    cause: 'It is not there, it was removed, or the caller may not see it: these are answered alike on purpose.',
    cure:
      'Look at the list (`GET /apps`, `GET /environments`, …) with the same token. What is there for a colleague and not for ' +
      'you is a question of rights.',
  },
  method_not_allowed: {
    cause: 'The path is there and does not take this method.',
    cure: 'The header `Allow` of the answer names those that it takes.',
  },
  conflict: {
    cause:
      'The name is taken, the state has moved on, another request won, or the same `Idempotency-Key` came with another body.',
    cure: 'Read it again, and decide anew. What is refused as too dangerous says which word (`force`) insists.',
  },
  stale: {
    cause: 'Somebody changed it after you read it: its `ETag` is not the `If-Match` that was sent.',
    cure: 'Read it again, put your change upon what is there now, and send that with the new `ETag`.',
  },
  payload_too_large: {
    cause: 'The body has more than 1 MB (25 MB at the address of GitHub’s webhooks).',
    cure: 'Send less at once; files belong into the image.',
  },
  unsupported_media_type: {
    cause: 'The body is neither JSON nor a form, or not in UTF-8.',
    cure: 'Send `Content-Type: application/json` or `application/x-www-form-urlencoded`.',
  },
  record_invalid: {
    cause: 'One or more fields break a rule.',
    cure: '`errors` lists every field with its fault and the way out; mend them all, and send it again.',
  },
  unprocessable_entity: {
    cause:
      'It is well formed and cannot be done: the ref does not exist in the repository, there is no release to go back to, …',
    cure: 'The sentence says what is missing, and mostly what there is in its place.',
  },
  resource_locked: {
    cause:
      'Something in progress holds it: another deploy of the app in the environment, a build, a clean-up; or a hold keeps ' +
      'out what is automatic.',
    cure:
      'Wait as the sentence says (`?wait=60`, `jockey wait`), stand in line with `queue`, or take the place with `force`. A hold ' +
      'is released by `DELETE /apps/:id/hold`.',
  },
  upgrade_required: {
    cause: 'The address is a WebSocket, and the request did not ask for one. A proxy may have taken `Upgrade` away.',
    cure:
      'Speak WebSocket there, or read the same by HTTP where there is such an address. In nginx: `proxy_http_version 1.1` and ' +
      'the headers `Upgrade` and `Connection`.',
  },
  rate_limited: {
    cause: 'More requests in a minute than `RATE_LIMIT_PER_MINUTE`, or too many failed sign-ins from one address.',
    cure: 'Wait as long as `Retry-After` says. Do not poll: `?wait=60` holds the answer, `GET /events` tells by itself.',
  },
  internal_error: {
    cause: 'A fault of Jockey. Whether the write has happened is not known.',
    cure:
      'Send it again with the same `Idempotency-Key`, which is safe. The log of the process has the rest under the `request_id` ' +
      'of the answer.',
  },
  unavailable: {
    cause: 'Postgres, Redis, Consul, a host, the registry or GitHub does not answer; the sentence names which.',
    cure: '`GET /readyz` shows what is reached and what is not. Mend that, and send it again. What runs goes on.',
  },
};

/** Of each way in which a deploy ends; null for the good one. */
export const ADVICE_OF_OUTCOME: Record<DeployOutcome, Advice | null> = {
  succeeded: null,
  build_failed: {
    cause: 'The image could not be built.',
    cure: 'Read the end of the log of the build: `GET /builds/:id/logs`. Nothing was moved.',
  },
  not_placed: {
    cause: 'No host of the pool has room for the new instances beside what runs, or none may take them.',
    cure:
      'The log says for each host what it lacks. Lower `memory_mb` or `parallelism`, take `recreate`, add a host, or take a ' +
      'cordon back. `POST /plans` tells beforehand.',
  },
  timed_out: {
    cause: 'An instance ran and did not get healthy within `health_deadline_seconds`, or nothing came forward.',
    cure:
      '`failure.last_checks` has what its health check was answered. Mostly the port (`PORT`, 8888), `health_path`, or a start ' +
      'that takes longer than the deadline. What was there serves.',
  },
  reverted: {
    cause: 'A new instance ended or got unhealthy, or the probe through the router failed too often.',
    cure: '`failure` has exit code, signal, whether memory ran out, and the last 50 lines. What was there serves.',
  },
  superseded: {
    cause: 'Another deploy took its place: `force`, or a newer one in the queue.',
    cure: 'None is needed; look at the other one.',
  },
  canceled: {
    cause: 'Somebody took it back, or a hold kept it out of its turn.',
    cure: 'The audit says who. Deploy again when you want it.',
  },
  release_command_failed: {
    cause: 'The release command ended with another code than 0, or took longer than `release_timeout_seconds`.',
    cure: 'Its output is in the log of the deploy. Nothing was moved; what it changed by itself stays changed.',
  },
  image_gone: {
    cause: 'The image of the release is in the registry no more, and on no host of the pool.',
    cure: 'Deploy the commit of that release anew. To keep images longer: `RETENTION_IMAGE_DAYS`.',
  },
  revert_incomplete: {
    cause: 'It failed, and what was there could not be put back in time: a host was lost, or there was no room.',
    cure:
      'The reconcile goes on by itself. `GET /drift` says what is missing; give it a host or room. A rollback by hand does ' +
      'no harm.',
  },
  config_unreadable: {
    cause: 'A secret of its variables cannot be opened: the key that sealed it is not there.',
    cure: 'Put that key into `SECRETS_OLD_KEYS` of all processes, or set the secret anew. Nothing was moved.',
  },
};
