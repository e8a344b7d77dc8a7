import { Identifier, Reference, Text } from '../../http/input/fields.js';
import { Moment } from '../../http/input/moment.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';

/** Who did something. */
export class AuditActorDto {
  /** `bootstrap`, `person`, `token`, `ci`, `webhook` or `chat`. */
  kind!: string;

  /** Stable and unique: `octocat`, `token:12`. */
  name!: string;

  /** The GitHub login of the person, where one is behind it. */
  login!: string | null;
}

/** What something was done to. */
export class AuditSubjectDto {
  /** What it is: `app`, `config set`, `deploy`. */
  kind!: string;

  /** Its id, or where it was not found what it was called by. */
  id!: string | null;
}

/** From where a request came. */
export class AuditOriginDto {
  /** The address, as the server saw it. */
  ip!: string;

  /** The `User-Agent` header, at most 300 characters. */
  user_agent!: string;
}

/** One write, or the refusal of one. */
export class AuditItemDto {
  /** Number of the entry in the chain that began it. */
  id!: string;

  /** When it was asked for: ISO 8601, UTC, to the millisecond. */
  at!: string;

  /**
   * `done` when it was answered; `refused` when its caller had no right to it; `running`; `interrupted` when the process
   * died before it was answered: whether it was done, what it is about says.
   */
  state!: string;

  /** Who asked. */
  actor!: AuditActorDto;

  /** The operationId. */
  operation!: string;

  /** The right that it needed; null for what is public. */
  verb!: string | null;

  /** What it was done to. */
  subject!: AuditSubjectDto;

  /** Id of the app that it concerns. */
  app_id!: string | null;

  /** Name of the environment that it concerns. */
  environment!: string | null;

  /** The method of the request. */
  method!: string;

  /** The path of the request, without its query. */
  path!: string;

  /** From where it was asked for. */
  from!: AuditOriginDto;

  /** The `X-Request-Id`, which stands in the log too. */
  request_id!: string;

  /** The status of the answer; null while there is none. */
  status!: number | null;

  /** The code of a failure. */
  error!: string | null;

  /** Whether an `Idempotency-Key` gave an earlier answer again: then nothing was done. */
  replayed!: boolean;

  /** Body and query, without secrets and without the values of variables. */
  input!: unknown;

  /** The row before, without secrets; null where there was none. */
  before!: unknown;

  /** The row after, without secrets; null where there is none, and where nothing was done. */
  after!: unknown;

  /** When it was answered: ISO 8601, UTC. */
  ended_at!: string | null;

  /** The hash of its last entry. */
  hash!: string;
}

/** An item as an answer shows it. */
export const AUDIT_EXAMPLE: AuditItemDto = {
  id: '41',
  at: '2026-11-21T03:36:00.000Z',
  state: 'done',
  actor: { kind: 'person', name: 'octocat', login: 'octocat' },
  operation: 'rescaleWorker',
  verb: 'scale',
  subject: { kind: 'worker', id: '7' },
  app_id: '3',
  environment: 'production',
  method: 'PUT',
  path: '/workers/rescale',
  from: { ip: '10.0.0.9', user_agent: 'jockey_cli/0.4.0' },
  request_id: '5b0c7d1e-54a5-4f0b-9a1c-0f6a3c2f9d11',
  status: 200,
  error: null,
  replayed: false,
  input: { body: { app: 'sample', environment: 'production', name: 'web', scale: 3 } },
  before: { id: 7, name: 'web', scale: 2 },
  after: { id: 7, name: 'web', scale: 3 },
  ended_at: '2026-11-21T03:36:00.021Z',
  hash: '6b1c1c4f0c4e9a5f0d2f7d8f1f5d9a1b3f0c2a4e6d8b7a9c1e3f5b7d9a0c2e4f',
};

/** Which writes are wanted. */
export class ListAuditDto extends PageQueryDto {
  /** Name or GitHub login of who did it. */
  @Text({ max: 200, optional: true, example: 'octocat' })
  actor?: string;

  /** The app, by name or id; a deleted one by id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** The name of the environment. */
  @Text({ max: 63, optional: true, example: 'production' })
  environment?: string;

  /** The operationId. */
  @Text({ max: 100, optional: true, example: 'createDeploy' })
  operation?: string;

  /** What it was done to: `app`, `config set`, `deploy`. */
  @Text({ max: 63, optional: true, example: 'deploy' })
  subject?: string;

  /** The id of that. */
  @Text({ max: 200, optional: true, example: '12' })
  subject_id?: string;

  /** Not before this time: ISO 8601 with its zone. */
  @Moment()
  since?: string;

  /** Before this time: ISO 8601 with its zone. */
  @Moment()
  until?: string;

  /** The `X-Request-Id`. */
  @Text({ max: 128, optional: true, example: '5b0c7d1e-54a5-4f0b-9a1c-0f6a3c2f9d11' })
  request_id?: string;
}

/** From where an export begins. */
export class ExportAuditDto {
  /** Number of the last entry that is there already; the whole chain where nothing is said. */
  @Identifier('entry of the audit', { optional: true, example: '4100' })
  after?: string;
}
