import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError, unavailable } from '../../domain/kernel/errors.js';
import { AuditEntries } from '../../store/audit/audit-entries.js';
import type { NewAuditEntry } from '../../store/audit/chain.js';
import { redactRecord } from '../../store/audit/redact.js';
import { NOTHING, type Snapshot, Snapshots } from '../../store/audit/snapshots.js';
import { Redactors } from '../../store/redactors.js';
import { type Subject, subjectOf } from '../../store/audit/subjects.js';
import { STATUS_OF_CODE } from '../errors/status-of-code.js';
import type { HttpRequest } from '../http-request.js';
import { HOLDS_SECRET, WRITES_NOTHING } from '../idempotency/read-again.decorator.js';
import { factsOf, inputOf, nameIn, recordText } from './audit-facts.js';

/** A write that has begun. */
export interface OpenWrite {
  readonly id: string;
  readonly before: Snapshot;
}

/** How a write ended. */
export interface Ending {
  readonly status: number;
  /** Code of the refusal or failure. */
  readonly error: string | null;
  readonly replayed: boolean;
  /** What was answered; undefined where nothing was done. */
  readonly answer?: unknown;
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Writes the audit. What it cannot write is not done: its failures are the request's. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly entries: AuditEntries,
    private readonly snapshots: Snapshots,
    private readonly reflector: Reflector,
    private readonly redactors: Redactors,
  ) {}

  /** Whether a request is one that is written down. */
  concerns(context: ExecutionContext): boolean {
    const { method } = requestOf(context);
    if (READING.has(method)) return false;
    const places = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride<boolean | undefined>(WRITES_NOTHING, places) !== true;
  }

  /** Writes that something is about to be done, and what there was before. */
  async begin(context: ExecutionContext): Promise<OpenWrite> {
    const subject = subjectAt(context);
    const before = 'sql' in subject ? await this.snapshots.take(subject, namesIn(context, subject)) : NOTHING;
    const input = inputOf(requestOf(context));
    const id = await this.append(context, { ...this.entry(context, before), input, before: recordText(before.row) });
    return { id, before };
  }

  /** Writes how it ended, and what there is after. Nothing is read after a refusal, which changed nothing. */
  async end(context: ExecutionContext, { id, before }: OpenWrite, ending: Ending): Promise<void> {
    const { status, error, replayed } = ending;
    const after =
      replayed || (status >= 400 && status < 500) ? before : await this.after(context, before, ending.answer);
    const entry = {
      ...this.entry(context, { ...before, ...withoutNulls(after) }),
      phase: 'ended' as const,
      writeId: id,
    };
    const ended = { ...entry, status, error, replayed, after: after === before ? null : recordText(after.row) };
    await this.entries.append(await this.clean(ended));
  }

  /** Writes that a known caller was kept from a write; one that nobody knows is only in the log. */
  async refuse(context: ExecutionContext, error: unknown): Promise<void> {
    const request = requestOf(context);
    if (request.caller === undefined || !(error instanceof DomainError) || !this.concerns(context)) return;
    const refusal = { status: STATUS_OF_CODE[error.code], error: error.code, input: inputOf(request) };
    await this.append(context, { ...this.entry(context, NOTHING), phase: 'refused', ...refusal });
  }

  private async append(context: ExecutionContext, entry: NewAuditEntry): Promise<string> {
    try {
      return await this.entries.append(await this.clean(entry));
    } catch (err) {
      requestOf(context).log.error({ err }, 'the audit could not be written');
      throw unavailable('The audit', 'nothing was done, because it could not be written down; try again in a moment.');
    }
  }

  /** A word of a caller may hold a secret of the app, as the reason of a change may. */
  private async clean(entry: NewAuditEntry): Promise<NewAuditEntry> {
    const { appId, input, before, after } = entry;
    if (appId === null) return entry;
    const redactor = await this.redactors.of({ appId, environmentId: null });
    return { ...entry, ...redactor.deep({ input, before, after }) };
  }

  private async after(context: ExecutionContext, before: Snapshot, answer: unknown): Promise<Snapshot> {
    const subject = subjectAt(context);
    const data = dataOf(answer);
    if ('sql' in subject) return this.snapshots.take(subject, namesAfter(context, subject, { before, data }));
    const secret = this.reflector.get<boolean | undefined>(HOLDS_SECRET, context.getHandler()) === true;
    return { ...NOTHING, id: idOf(data) ?? null, row: secret ? null : redactRecord(data) };
  }

  private entry(context: ExecutionContext, { id, appId, environment }: Snapshot): NewAuditEntry {
    const facts = factsOf(context, this.reflector);
    const subject = subjectAt(context);
    return {
      ...facts,
      writeId: null,
      phase: 'begun',
      at: new Date().toISOString(),
      subject: subject.noun,
      subjectId: id ?? nameIn(requestOf(context), ['params', 'id']) ?? null,
      appId: appId ?? facts.appId,
      environment: environment ?? facts.environment,
      ...{ status: null, error: null, replayed: false, input: null, before: null, after: null },
    };
  }
}

const requestOf = (context: ExecutionContext): HttpRequest => context.switchToHttp().getRequest<HttpRequest>();

function subjectAt(context: ExecutionContext): ReturnType<typeof subjectOf> {
  const { route } = requestOf(context) as { route?: { path?: unknown } };
  return subjectOf(typeof route?.path === 'string' ? route.path : '');
}

function namesIn(context: ExecutionContext, { names }: Subject): (string | undefined)[] {
  const request = requestOf(context);
  return names.map((named) => nameIn(request, named));
}

/** What has an id is read by it, as its name may be another now; what was created has it in the answer. */
function namesAfter(
  context: ExecutionContext,
  subject: Subject,
  { before, data }: { before: Snapshot; data: unknown },
): (string | undefined)[] {
  if (before.id !== null && subject.names.length === 1) return [before.id];
  const names = namesIn(context, subject);
  return names.length === 0 || names.includes(undefined) ? [idOf(data)] : names;
}

const dataOf = (answer: unknown): unknown =>
  typeof answer === 'object' && answer !== null && 'data' in answer ? answer.data : answer;

const idOf = (data: unknown): string | undefined =>
  typeof data === 'object' && data !== null && 'id' in data ? String(data.id) : undefined;

const withoutNulls = (snapshot: Snapshot): Partial<Snapshot> =>
  Object.fromEntries(Object.entries(snapshot).filter(([, value]) => value !== null));
