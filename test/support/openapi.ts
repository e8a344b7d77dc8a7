import { readFile } from 'node:fs/promises';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** A JSON schema, as far as it is looked into. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly example?: unknown;
}

/** One kind of content of a request or an answer. */
export interface Content {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref?: string; readonly value?: unknown }>>;
}

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

/** What a path does for one method. */
export interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly 'x-jockey-needs'?: readonly { readonly verb: string; readonly target: { readonly kind: string } }[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<
    Record<string, { readonly description?: string; readonly content?: Readonly<Record<string, Content>> }>
  >;
}

/** The document, as far as it is looked into. */
export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, object>>;
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
  readonly security: readonly object[];
}

/** An operation with the way to it. */
export interface Route {
  /** `GET /apps/{id}`. */
  readonly name: string;
  /** In capitals. */
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The committed document: it is generated from the compiled code, and compared with it. */
export async function readOpenApi(): Promise<OpenApi> {
  const file = new URL('../../docs/openapi.json', import.meta.url);
  return withAnswers(JSON.parse(await readFile(file, 'utf8')) as OpenApi);
}

/** The document with every answer that is shared put where it is named. */
function withAnswers(document: OpenApi): OpenApi {
  const shared = document.components.responses;
  for (const responses of routesOf(document).map(({ operation }) => operation.responses as Record<string, object>))
    for (const [status, answer] of Object.entries(responses))
      if ('$ref' in answer) responses[status] = shared[String(answer.$ref).split('/').at(-1) ?? ''] ?? answer;
  return document;
}

/** Every operation of a document. */
export function routesOf({ paths }: Pick<OpenApi, 'paths'>): readonly Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([lower, operation]) => {
      const method = lower.toUpperCase();
      return { name: `${method} ${path}`, method, path, operation };
    }),
  );
}

/** Checks values against the schemas of a document, by JSON Schema 2020-12. */
export class SchemaChecker {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly known = new Map<string, ValidateFunction>();

  constructor(private readonly document: OpenApi) {
    formats.default(this.ajv);
    this.ajv.addSchema({ ...closed(document), $id: 'urn:jockey:openapi' });
  }

  /** The faults of a value, for the schema at a JSON pointer into the document; none for a good one. */
  faults(pointer: readonly string[], value: unknown): readonly string[] {
    const $ref = `urn:jockey:openapi${this.refAt(pointer) ?? `#/${pointer.map(escaped).join('/')}`}`;
    const check = this.known.get($ref) ?? this.ajv.compile({ $ref });
    this.known.set($ref, check);
    if (check(value)) return [];
    return (check.errors ?? []).map(({ instancePath, message, params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`.trim(),
    );
  }

  /** Where a schema only names another, that one serves: it is compiled once for all who name it. */
  private refAt(pointer: readonly string[]): string | undefined {
    const at = pointer.reduce<unknown>(
      (node, part) => (node as Record<string, unknown> | undefined)?.[part],
      this.document,
    );
    return (at as Schema | undefined)?.$ref;
  }
}

/** The document with every object closed: what an answer holds and no schema names is a fault. */
function closed(document: OpenApi): OpenApi {
  const schemas = Object.entries(document.components.schemas).map(([name, schema]) => [
    name,
    schema.properties === undefined ? schema : { additionalProperties: false, ...schema },
  ]);
  return {
    ...document,
    components: { ...document.components, schemas: Object.fromEntries(schemas) as OpenApi['components']['schemas'] },
  };
}

const escaped = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
