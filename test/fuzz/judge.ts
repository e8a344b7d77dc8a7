import type { OpenApi, SchemaChecker } from '../support/openapi.js';
import type { FuzzRequest } from './fuzz-request.js';
import type { FuzzAnswer } from './send-hostile.js';

/** What no answer and no log line of a request may hold: the inside of the program, or of the database. */
const INSIDE =
  /node_modules|\bat [^\n]{1,200}\.[jt]s:\d|QueryFailedError|TypeError|RangeError|syntax error at or near|duplicate key value/;

/** Holds answers to what the document says of their operations. */
export class Judge {
  constructor(
    private readonly document: OpenApi,
    private readonly checker: SchemaChecker,
  ) {}

  /** What is wrong with an answer; nothing with a good one. */
  faultsOf(request: FuzzRequest, answer: FuzzAnswer): readonly string[] {
    if (answer.status === 0) return [`no answer: ${answer.text}`];
    const { text, headers, status } = answer;
    return [
      ...(INSIDE.test(text) ? ['it shows the inside of Jockey'] : []),
      ...('x-injected' in headers ? ['a header was injected'] : []),
      ...(headers['x-request-id'] === undefined && status !== 400 && status !== 431 ? ['it has no X-Request-Id'] : []),
      ...(status >= 500 ? this.ofOurFault(request, answer) : []),
      ...(request.isOfRoute && status !== 304 && status < 500 ? this.ofDocument(request, answer) : []),
    ];
  }

  /** 503 names what is away; /sanity says by 500 that something is not as it should be, and tells it. */
  private ofOurFault({ target }: FuzzRequest, { status, text }: FuzzAnswer): readonly string[] {
    if (status === 503 && /"code":"unavailable"/.test(text)) return [];
    if (/^\/sanity/i.test(target) && status === 500 && text.startsWith('{"data":')) return [];
    return ['it is a fault of Jockey'];
  }

  private ofDocument({ route, method }: FuzzRequest, { status, headers, text }: FuzzAnswer): readonly string[] {
    if (method === 'HEAD') return [];
    const answers = this.document.paths[route.path]?.[method.toLowerCase()]?.responses[String(status)];
    if (answers === undefined) return [`its status ${status} is not in the document`];
    if (status === 302 || status === 204) return [];
    const media = (headers['content-type'] ?? '').split(';')[0] ?? '';
    if (answers.content?.[media] === undefined) return [`its type ${media} is not in the document`];
    if (!/[/+]json$/.test(media)) return [];
    const pointer = [
      'paths',
      route.path,
      method.toLowerCase(),
      'responses',
      String(status),
      'content',
      media,
      'schema',
    ];
    return this.checker.faults(pointer, JSON.parse(text) as unknown);
  }
}

/** What is wrong with a line of the log: each is one JSON object, and none tells of an error that nobody expected. */
export function faultsOfLine(line: string): readonly string[] {
  if (!line.endsWith('\n') || line.indexOf('\n') !== line.length - 1)
    return [`the log has a line that is not one: ${line.slice(0, 300)}`];
  const parsed = parse(line);
  if (typeof parsed !== 'object' || parsed === null)
    return [`the log has a line that is no object: ${line.slice(0, 300)}`];
  return 'err' in parsed && parsed.err !== undefined ? [`the log tells of an error: ${line.slice(0, 1500)}`] : [];
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
