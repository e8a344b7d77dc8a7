import { applyDecorators, HttpCode, RequestMethod, type Type } from '@nestjs/common';
import { ApiConsumes, ApiExtraModels, ApiHeader, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode } from '../../domain/kernel/errors.js';
import { ProblemDto } from '../errors/problem.dto.js';
import { STATUS_OF_CODE, TITLE_OF_CODE } from '../errors/status-of-code.js';

type Schema = Record<string, unknown>;

/** What an operation answers when all is well. */
export interface Answer {
  /** The class that the schema names; none for a text. */
  readonly type?: Type<unknown>;
  /** `application/json` where nothing is said. */
  readonly media?: string;
  readonly schema: Schema;
  readonly example: unknown;
  /** Types as which it comes too, for who asks for them, each with an example: a text, a stream of events, a file. */
  readonly also?: Readonly<Record<string, string>>;
}

/** What the document says of an operation. */
export interface Description {
  /** One line: what it does. */
  readonly summary: string;
  /** What else a caller should know. */
  readonly about?: string;
  readonly answer: Answer;
  /** 200 where nothing is said. */
  readonly status?: 200 | 201 | 202 | 302;
  /** The failures of this operation, beside those that every operation has. */
  readonly errors?: readonly ErrorCode[];
}

/** What every operation may answer, whoever asks: a body is read wherever one is sent. */
const EVERYWHERE: readonly ErrorCode[] = [
  'bad_request',
  'payload_too_large',
  'unsupported_media_type',
  'internal_error',
  'unavailable',
];

/** What the Idempotency-Key adds: the same key under way, with another body, or no key at all. */
const IDEMPOTENT_ERRORS: readonly ErrorCode[] = ['conflict', 'record_invalid', 'unprocessable_entity'];

/** One resource in the envelope. */
export function oneOf<T>(type: Type<T>, example: T): Answer {
  const schema = { type: 'object', required: ['data'], properties: { data: { $ref: getSchemaPath(type) } } };
  return { type, schema, example: { data: example } };
}

/** A page of resources in the envelope. */
export function pageOf<T>(type: Type<T>, example: T): Answer {
  const list = { type: 'array', items: { $ref: getSchemaPath(type) } };
  const schema = {
    type: 'object',
    required: ['data', 'pagination'],
    properties: { data: list, pagination: PAGINATION },
  };
  const pagination = { page: 1, per_page: 25, total_pages: 1, total_count: 1 };
  return { type, schema, example: { data: [example], pagination } };
}

/** An answer without envelope; its handler is `@Bare()`. */
export function bare<T>(type: Type<T>, example: T): Answer {
  return { type, schema: { $ref: getSchemaPath(type) }, example };
}

/** A text without envelope; its handler is `@Bare()` and sets the type of its content. */
export function plainText(example: string): Answer {
  return { media: 'text/plain', schema: { type: 'string' }, example };
}

/** Describes an operation and sets its status; the name of the method is the operationId, so it never changes. */
export function Describe({ summary, about, answer, status = 200, errors = [] }: Description): MethodDecorator {
  const texts = Object.entries(answer.also ?? {});
  const content = {
    [answer.media ?? 'application/json']: { schema: answer.schema, example: answer.example },
    ...Object.fromEntries(texts.map(([media, example]) => [media, { schema: { type: 'string' }, example }])),
  };
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary, ...(about === undefined ? {} : { description: about }) }),
    ApiExtraModels(...(answer.type === undefined ? [] : [answer.type]), ProblemDto),
    ApiConsumes('application/json', 'application/x-www-form-urlencoded'),
    ...(errors.includes('stale') ? [IF_MATCH] : []),
    ApiResponse({ status, description: summary, content }),
    ofMethod(RequestMethod.GET, [UNCHANGED, ...problems([...errors, ...EVERYWHERE])]),
    ofMethod(RequestMethod.POST, [IDEMPOTENT, ...problems([...errors, ...EVERYWHERE, ...IDEMPOTENT_ERRORS])]),
    ofMethod(RequestMethod.PUT, problems([...errors, ...EVERYWHERE])),
    ofMethod(RequestMethod.DELETE, problems([...errors, ...EVERYWHERE])),
  );
}

/** What is said only of handlers of one method; that of the route stands below, so it is known already. */
function ofMethod(method: RequestMethod, decorators: readonly MethodDecorator[]): MethodDecorator {
  const all = applyDecorators(...decorators);
  return (target: object, key: string | symbol, descriptor: PropertyDescriptor) => {
    if (Reflect.getMetadata('method', descriptor.value as object) === method) all(target, key, descriptor);
  };
}

const UNCHANGED: MethodDecorator = ApiResponse({
  status: 304,
  description: 'It is as `If-None-Match` says; there is no body.',
});

const IF_MATCH: MethodDecorator = ApiHeader({
  name: 'If-Match',
  required: false,
  description: 'The ETag that was read: a change in between is refused with 412.',
  schema: { type: 'string' },
});

const IDEMPOTENT: MethodDecorator = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key and body give the first answer again, for 24 hours.',
  schema: { type: 'string', maxLength: 255 },
});

const PAGINATION = {
  type: 'object',
  required: ['page', 'per_page', 'total_pages', 'total_count'],
  properties: {
    page: { type: 'integer', description: 'Which page this is, from 1.' },
    per_page: { type: 'integer', description: 'How many entries a page has at most.' },
    total_pages: { type: 'integer', description: 'How many pages there are, at least 1.' },
    total_count: { type: 'integer', description: 'How many entries there are on all pages.' },
  },
};

/** One answer a status: codes that share one stand in the same answer. */
export function problems(codes: readonly ErrorCode[]): MethodDecorator[] {
  const statuses = [...new Set(codes.map((code) => STATUS_OF_CODE[code]))];
  return statuses.map((status) =>
    ApiResponse({ status, ...problemAnswer(codes.filter((code) => STATUS_OF_CODE[code] === status)) }),
  );
}

/** The answer of a status in the document, with an example for each of its codes. */
export function problemAnswer(codes: readonly ErrorCode[]) {
  const own = [...new Set(codes)].sort();
  const examples = Object.fromEntries(own.map((code) => [code, { $ref: `#/components/examples/${code}` }]));
  return {
    description: own.map((code) => `${code}: ${TITLE_OF_CODE[code]}.`).join(' '),
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) }, examples } },
  };
}

/** What each code looks like; answers refer to it by its name. */
export const PROBLEM_EXAMPLES = Object.fromEntries(ERROR_CODES.map((code) => [code, { value: exampleOf(code) }]));

function exampleOf(code: ErrorCode): ProblemDto {
  const detail = `${TITLE_OF_CODE[code]}.`;
  return {
    type: `urn:jockey:problem:${code}`,
    title: TITLE_OF_CODE[code],
    status: STATUS_OF_CODE[code],
    detail,
    instance: '/apps/sample',
    request_id: '5b0c7d1e-54a5-4f0b-9a1c-0f6a3c2f9d11',
    error: { code, message: detail },
  };
}
