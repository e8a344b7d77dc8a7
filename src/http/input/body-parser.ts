import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { DomainError } from '../../domain/kernel/errors.js';
import type { HttpRequest } from '../http-request.js';
import { DEEPEST, nestsDeeper } from './json-depth.js';
import { jsonFault } from './json-fault.js';

/** Largest body that is taken. */
const LIMIT = '1mb';

/** Where strangers prove who they are by the bytes that they send: by a signature over them, or a token in them. */
const SIGNED_PATHS = /^\/(github_webhooks\/|chat\/slack$|hosts\/certificates$|auth\/(device\/)?token$)/;

/** The most that GitHub sends: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap. */
const SIGNED_LIMIT = '25mb';

/** Most fields of a form, and deepest nesting of their names: `config[NAME]` is one deep. */
const FORM_LIMITS = { parameterLimit: 2000, depth: 4 };

const formBodies = new WeakSet<object>();

/** Whether a body came as a form, whose values are all strings. */
export const isForm = (body: object): boolean => formBodies.has(body);

/**
 * Reads bodies as JSON or as a form, but only of known callers: what a stranger sends is never looked at.
 * After it, `request.body` is an object, empty where nothing was sent.
 */
export function readBody(): RequestHandler[] {
  const json = express.text({ type: ['application/json', 'application/*+json'], limit: LIMIT });
  const form = express.urlencoded({ extended: true, limit: LIMIT, ...FORM_LIMITS });
  return [readSigned(), ofKnownCallers(json), parseJson, ofKnownCallers(form), markForm];
}

/** What hosts send is small, and so is a token: it is refused before it fills the memory. */
const SMALL_PATHS = new Set(['/hosts/certificates', '/auth/token', '/auth/device/token']);
const SMALL_LIMIT = '64kb';

/** Bytes, and nothing that looks into them: `request.rawBody`. */
function readSigned(): RequestHandler {
  const [large, small] = [SIGNED_LIMIT, SMALL_LIMIT].map((limit) =>
    express.raw({ type: () => true, limit, inflate: false }),
  );
  return (request, response, next) => {
    if (!SIGNED_PATHS.test(request.path)) return next();
    const raw = (SMALL_PATHS.has(request.path) ? small : large) as RequestHandler;
    return void raw(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error);
      (request as HttpRequest).rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      request.body = {};
      next();
    });
  };
}

const ofKnownCallers =
  (parser: RequestHandler): RequestHandler =>
  (request: Request, response: Response, next: NextFunction): void => {
    const { caller, rawBody } = request as HttpRequest;
    if (caller === undefined || rawBody !== undefined) next();
    else void parser(request, response, next);
  };

function parseJson(request: Request, _: Response, next: NextFunction): void {
  if (typeof request.body === 'string') request.body = parse(request.body);
  next();
}

function markForm(request: Request, _: Response, next: NextFunction): void {
  const { caller, rawBody } = request as HttpRequest;
  const read = caller !== undefined && rawBody === undefined;
  if (request.body === undefined && read && hasBody(request)) throw unknownKind(request);
  request.body ??= {};
  if (request.is('application/x-www-form-urlencoded')) formBodies.add(request.body as object);
  next();
}

function parse(text: string): unknown {
  if (text.trim() === '') return {};
  if (nestsDeeper(text))
    throw new DomainError(
      'bad_request',
      `The body nests deeper than ${DEEPEST} levels, which is the most that is taken.`,
    );
  const body = parsed(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new DomainError('bad_request', 'The body should be a JSON object: {"name": "value"}.');
  return body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const { line, column } = jsonFault(text);
    throw new DomainError('bad_request', `The body is not JSON: it breaks at line ${line}, column ${column}.`);
  }
}

/** A body is announced by its length or its encoding: RFC 9112, section 6. */
const hasBody = (request: Request): boolean =>
  Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined;

const unknownKind = (request: Request): DomainError =>
  new DomainError(
    'unsupported_media_type',
    `A body of the type ${(request.headers['content-type'] ?? 'nothing').slice(0, 80)} cannot be read: send application/json or application/x-www-form-urlencoded, in UTF-8.`,
  );
