import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { redactInput } from '../../store/audit/redact.js';
import type { Named } from '../../store/audit/subjects.js';
import { type Need, NEEDS } from '../auth/needs.decorator.js';
import type { HttpRequest } from '../http-request.js';

/** Characters of what is written down of a request: longer ones are cut. */
const LONGEST = { path: 500, name: 200, userAgent: 300 } as const;

/** Of JSON, in characters; what is longer is left out as a whole. */
const LONGEST_INPUT = 8_000;
const LONGEST_RECORD = 100_000;

/** Who, what and from where: what every entry of a write says. */
export function factsOf(context: ExecutionContext, reflector: Reflector) {
  const request = context.switchToHttp().getRequest<HttpRequest>();
  const { caller, place } = request;
  return {
    requestId: request.id,
    actorKind: caller?.kind ?? 'unknown',
    actorName: caller?.name ?? 'unknown',
    actorLogin: caller?.login ?? null,
    operation: context.getHandler().name,
    verb: needsOf(context, reflector)[0]?.verb ?? null,
    appId: place?.app ?? null,
    environment: place?.environment ?? null,
    method: request.method,
    path: (request.originalUrl.split('?')[0] ?? '').slice(0, LONGEST.path),
    ip: request.ip ?? '',
    userAgent: (request.headers['user-agent'] ?? '').slice(0, LONGEST.userAgent),
  };
}

function needsOf(context: ExecutionContext, reflector: Reflector): readonly Need[] {
  const needs = reflector.getAllAndOverride<Need | readonly Need[] | undefined>(NEEDS, [
    context.getHandler(),
    context.getClass(),
  ]);
  return needs === undefined ? [] : [needs].flat();
}

/** Body and query as JSON, without secrets; null where nothing was sent. */
export function inputOf({ body, query }: HttpRequest): string | null {
  const given = Object.entries({ body: body as unknown, query: query as unknown }).filter(([, part]) => !isEmpty(part));
  if (given.length === 0) return null;
  return jsonWithin(LONGEST_INPUT, redactInput(Object.fromEntries(given)));
}

/** A record as JSON; null where there is none. */
export function recordText(record: unknown): string | null {
  return record === null || record === undefined ? null : jsonWithin(LONGEST_RECORD, record);
}

/** What a request calls something; undefined where it does not. */
export function nameIn(request: HttpRequest, [part, field]: Named): string | undefined {
  const fields = part === 'params' ? [request.params] : [request.body, request.query];
  for (const each of fields as unknown[]) {
    if (typeof each !== 'object' || each === null || !Object.hasOwn(each, field)) continue;
    const value = (each as Record<string, unknown>)[field];
    if (typeof value === 'string' || typeof value === 'number')
      return String(value).replaceAll('\0', '').slice(0, LONGEST.name);
  }
  return undefined;
}

const isEmpty = (part: unknown): boolean =>
  part === undefined || part === null || (typeof part === 'object' && Object.keys(part).length === 0);

function jsonWithin(longest: number, value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= longest ? text : JSON.stringify({ left_out: `${text.length} characters` });
}
