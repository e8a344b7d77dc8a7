import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { mapValues, type Schema, toJsonSchema } from './json-schema.js';

const DOCUMENT = 'github';

const PLACEHOLDER = /\{([^}]+)\}/;

/** What every operation may answer without saying so: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api. */
const ALWAYS_POSSIBLE = new Set([401, 403, 404, 422, 429, 500, 502, 503]);

/** Which GitHub: the one for all, or a release of GitHub Enterprise Server. */
export type Edition = 'api.github.com' | 'ghes-3.17';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly 'application/json'?: { readonly schema: Schema; readonly examples?: Record<string, Schema> };
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | { $ref: string })[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content } | { $ref: string }>>;
}

interface Document {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
}

/** A request as the stand-in received it. */
export interface SeenRequest {
  readonly method: string;
  /** Below the API's root, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parsed; undefined where none was sent. */
  readonly body: unknown;
}

/** An operation that a request means, with what stands in its path. */
export interface Match {
  /** `GET /user` */
  readonly name: string;
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

/** GitHub's own OpenAPI description of its REST API, as `@octokit/openapi` publishes it: asked whether a request and an answer are as it says. */
export class GithubDescription {
  private static readonly loaded = new Map<Edition, GithubDescription>();
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, logger: false });
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly patterns: readonly { readonly template: string; readonly pattern: RegExp }[];

  private constructor(private readonly document: Document) {
    addFormats.default(this.ajv);
    const schemas = mapValues(document.components['schemas'] ?? {}, (each) => toJsonSchema(each, DOCUMENT));
    this.ajv.addSchema({ $id: DOCUMENT, components: { schemas } });
    this.patterns = Object.keys(document.paths).map((template) => ({ template, pattern: patternOf(template) }));
  }

  /** Each is read once: it is 13 MB. */
  static load(edition: Edition): GithubDescription {
    const known = GithubDescription.loaded.get(edition);
    if (known !== undefined) return known;
    const path = createRequire(import.meta.url).resolve(`@octokit/openapi/generated/${edition}.json`);
    const description = new GithubDescription(JSON.parse(readFileSync(path, 'utf8')) as Document);
    GithubDescription.loaded.set(edition, description);
    return description;
  }

  /** The operation of a request; null for one that GitHub does not have. Paths without placeholders come first. */
  match(method: string, path: string): Match | null {
    const fits = this.patterns.filter(({ template, pattern }) => pattern.test(path) && this.has(template, method));
    const best = fits.sort((one, other) => placeholders(one.template) - placeholders(other.template))[0];
    const operation = best && this.document.paths[best.template]?.[method.toLowerCase()];
    if (best === undefined || operation === undefined) return null;
    const values = best.pattern.exec(path)?.slice(1).map(decodeURIComponent) ?? [];
    const params = Object.fromEntries(namesIn(best.template).map((name, at) => [name, values[at] ?? '']));
    return { name: `${method} ${best.template}`, operation, params };
  }

  /** What is wrong with a request; nothing when it is as described. */
  faultsOfRequest(match: Match, request: SeenRequest): string[] {
    return [...this.faultsOfParameters(match, request), ...this.faultsOfBody(match, request.body)];
  }

  /** What is wrong with an answer. A status that the operation does not know is a fault too. */
  faultsOfAnswer({ name, operation }: Match, status: number, body: unknown): string[] {
    const described = operation.responses[String(status)];
    if (described === undefined) {
      if (!ALWAYS_POSSIBLE.has(status)) return [`${name} never answers ${status}`];
      return this.faultsOf(`${name} ${status}`, this.named('schemas', 'basic-error'), body);
    }
    const content = this.resolved<{ content?: Content }>(described).content;
    const schema = content?.['application/json']?.schema;
    if (schema !== undefined) return this.faultsOf(`${name} ${status}`, schema, body);
    const maySay = status >= 400 || content !== undefined;
    return body === undefined || maySay ? [] : [`${name} ${status} has no body, but one was given`];
  }

  /** One of GitHub's own examples. */
  example(name: string): Schema {
    return structuredClone(this.named('examples', name)['value']) as Schema;
  }

  private has(template: string, method: string): boolean {
    return this.document.paths[template]?.[method.toLowerCase()] !== undefined;
  }

  private faultsOfParameters({ name, operation, params }: Match, { query }: SeenRequest): string[] {
    const known = (operation.parameters ?? []).map((each) => this.resolved<Parameter>(each));
    const inQuery = new Set(known.filter((each) => each.in === 'query').map((each) => each.name));
    const strange = [...query.keys()]
      .filter((key) => !inQuery.has(key))
      .map((key) => `${name} knows no query "${key}"`);
    const given = known.flatMap((each) => {
      const value = each.in === 'query' ? query.get(each.name) : each.in === 'path' ? params[each.name] : null;
      if (value !== null && value !== undefined) return this.faultsOfParameter(name, each, value);
      return each.required === true && each.in !== 'header' ? [`${name} needs ${each.name}`] : [];
    });
    return [...strange, ...given];
  }

  private faultsOfParameter(name: string, { name: key, schema }: Parameter, value: string): string[] {
    const numeric = schema['type'] === 'integer' || schema['type'] === 'number';
    return this.faultsOf(`${name} ${key}`, schema, numeric && /^-?[0-9]+$/.test(value) ? Number(value) : value);
  }

  /** A name that the schema does not list is a fault, though JSON Schema takes it: GitHub would pass over it in silence. */
  private faultsOfBody({ name, operation }: Match, body: unknown): string[] {
    const { requestBody } = operation;
    const schema = requestBody?.content['application/json']?.schema;
    if (schema === undefined) return body === undefined ? [] : [`${name} takes no body`];
    if (body === undefined) return requestBody?.required === true ? [`${name} needs a body`] : [];
    const known = schema['properties'] as Schema | undefined;
    const names = typeof body === 'object' && body !== null ? Object.keys(body) : [];
    const strange = known === undefined ? [] : names.filter((each) => !(each in known));
    return [
      ...strange.map((each) => `${name} knows no field "${each}"`),
      ...this.faultsOf(`${name} request`, schema, body),
    ];
  }

  private faultsOf(title: string, schema: Schema, value: unknown): string[] {
    const validate = this.compiled.get(title) ?? this.ajv.compile(toJsonSchema(schema, DOCUMENT) as object);
    this.compiled.set(title, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${title}: ${error.instancePath || 'it'} ${error.message ?? ''}`);
  }

  private resolved<T>(given: unknown): T {
    const reference = (given as { $ref?: string }).$ref;
    if (reference === undefined) return given as T;
    const [, , kind = '', name = ''] = reference.split('/');
    return this.named(kind, name) as T;
  }

  private named(kind: string, name: string): Schema {
    const found = this.document.components[kind]?.[name];
    if (found === undefined) throw new Error(`GitHub describes no ${kind} "${name}"`);
    return found;
  }
}

/** References into Git hold slashes of their own, encoded or not. */
function patternOf(template: string): RegExp {
  const parts = template.split(PLACEHOLDER).map((part, at) => {
    if (at % 2 === 1) return part === 'ref' ? '(.+)' : '([^/]+)';
    return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}

const namesIn = (template: string): string[] => template.split(PLACEHOLDER).filter((_part, at) => at % 2 === 1);

const placeholders = (template: string): number => namesIn(template).length;
