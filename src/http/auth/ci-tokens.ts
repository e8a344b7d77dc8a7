import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose';
import type { Caller } from '../../domain/access/caller.js';
import { type CiRule } from '../../domain/access/parse-ci-rules.js';
import { type CiRun, rulesOfRun } from '../../domain/access/rights-of-run.js';
import { VERBS_OF_ROLE } from '../../domain/access/verb.js';
import { sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { AppsOfRepo } from '../../store/repositories/apps-of-repo.js';
import type { TokenReader } from './caller-finder.js';

/** Which runs come in. */
export interface CiTokenOptions {
  /** Who signs the tokens. */
  readonly issuer: string;
  /** For whom they have to be; null where no run comes in. */
  readonly audience: string | null;
  readonly rules: readonly CiRule[];
}

/** A JSON Web Token, signed: three parts in base64url, of which the first is JSON. */
const JWT = /^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** What GitHub signs with. Named here, so that a token cannot choose: https://www.rfc-editor.org/rfc/rfc8725#section-3.1. */
const ALGORITHM = 'RS256';

/** How far the clocks may be apart, in seconds. */
const CLOCK_TOLERANCE = 5;

/** The keys are fetched when they are first needed, and again when they are old or one is not among them, in milliseconds. */
const KEYS = { timeoutDuration: 5_000, cooldownDuration: 30_000, cacheMaxAge: 600_000 };

/** Reads the tokens that GitHub Actions signs for its runs; there is no secret that could be lost. */
export class CiTokens implements TokenReader {
  private readonly keys: JWTVerifyGetKey;

  constructor(
    private readonly options: CiTokenOptions,
    private readonly apps: AppsOfRepo,
  ) {
    this.keys = createRemoteJWKSet(new URL(`${options.issuer.replace(/\/+$/, '')}/.well-known/jwks`), KEYS);
  }

  reads(token: string): boolean {
    return JWT.test(token);
  }

  async callerOf(token: string): Promise<Caller | null> {
    const { audience } = this.options;
    if (audience === null || !this.isMeant(token, audience)) return null;
    const claims = await this.verified(token, audience);
    const run = claims === null ? null : runOf(claims);
    return run === null ? null : this.callerOfRun(run, claims?.['actor']);
  }

  /** What is not even meant for here costs no request to the issuer. */
  private isMeant(token: string, audience: string): boolean {
    try {
      const { iss, aud } = decodeJwt(token);
      return (
        decodeProtectedHeader(token).alg === ALGORITHM && iss === this.options.issuer && [aud].flat().includes(audience)
      );
    } catch {
      return false;
    }
  }

  /** Null for a token that is not valid now. Throws `unavailable` while the keys cannot be had. */
  private async verified(token: string, audience: string): Promise<JWTPayload | null> {
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        ...{ issuer: this.options.issuer, audience, algorithms: [ALGORITHM], clockTolerance: CLOCK_TOLERANCE },
        requiredClaims: ['exp', 'iat', 'repository', 'ref'],
      });
      return payload;
    } catch (error) {
      if (isOutage(error)) throw unavailable('The issuer of CI tokens', sentenceOf(error));
      return null;
    }
  }

  /** Rights hold for the apps of the run's own repository: a rule for many never lets one deploy another's. */
  private async callerOfRun(run: CiRun, actor: unknown): Promise<Caller | null> {
    const rules = rulesOfRun(this.options.rules, run);
    if (rules.length === 0) return null;
    const apps = await this.apps.ids(run.repository);
    return {
      kind: 'ci',
      name: `ci:${run.repository}@${run.environment === null ? run.ref : `environment:${run.environment}`}`,
      login: typeof actor === 'string' ? actor : null,
      grants: rules.map(({ role, environments }) => ({ verbs: VERBS_OF_ROLE[role], apps, environments })),
    };
  }
}

/** Names as GitHub allows them; what else the issuer would sign is not taken. */
function runOf({ repository, ref, environment }: JWTPayload): CiRun | null {
  if (typeof repository !== 'string' || typeof ref !== 'string') return null;
  if (environment !== undefined && typeof environment !== 'string') return null;
  return { repository, ref, environment: environment ?? null };
}

/** Whether the keys could not be had, so that nothing is known of the token. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return (
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === errors.JOSEError.code
  );
}
