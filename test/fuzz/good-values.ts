import fc from 'fast-check';
import type { OpenApi, Schema } from '../support/openapi.js';

/** Names and ids that are there, or could be, by the name of the field that takes them. */
export type Vocabulary = Readonly<Record<string, readonly string[]>>;

/** Makes values that a schema takes, most of them of things that are there. */
export class GoodValues {
  constructor(
    private readonly document: OpenApi,
    private readonly vocabulary: Vocabulary,
  ) {}

  /** A value for a field. No answer is held: that would only be waited for. */
  of(schema: Schema, name = ''): fc.Arbitrary<unknown> {
    if (name === 'wait') return fc.constant(0);
    const words = this.vocabulary[name];
    const made = this.made(this.resolved(schema), name);
    const known = words === undefined ? [] : [{ weight: 8, arbitrary: fc.constantFrom<unknown>(...words) }];
    const shown = schema.example === undefined ? [] : [{ weight: 2, arbitrary: fc.constant(schema.example) }];
    return fc.oneof(...known, ...shown, { weight: 2, arbitrary: made });
  }

  /** A schema without its references. */
  resolved(schema: Schema): Schema {
    if (schema.$ref !== undefined)
      return this.resolved(this.document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
    const [only] = schema.allOf ?? [];
    return only === undefined ? schema : this.resolved(only);
  }

  private made(schema: Schema, name: string): fc.Arbitrary<unknown> {
    const choices = schema.oneOf ?? schema.anyOf;
    if (choices !== undefined) return fc.oneof(...choices.map((each) => this.of(each, name)));
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    const type = typeof schema.type === 'string' ? schema.type : schema.type?.find((each) => each !== 'null');
    return this.ofType(type ?? 'string', schema, name);
  }

  private ofType(type: string, schema: Schema, name: string): fc.Arbitrary<unknown> {
    const { minimum: min = 0, maximum: max = 1000, minLength = 0, maxLength = 30 } = schema;
    switch (type) {
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return fc.integer({ min, max });
      case 'number':
        return fc.double({ min, max, noNaN: true });
      case 'array':
        return fc.array(this.of(schema.items ?? {}, name), { maxLength: 3 });
      case 'object':
        return this.object(schema);
      default:
        return fc.stringMatching(
          new RegExp(`^[a-z][a-z0-9-]{${Math.max(0, minLength - 1)},${Math.min(maxLength, 30)}}$`),
        );
    }
  }

  private object({ properties, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
    if (properties !== undefined) {
      const fields = Object.entries(properties).map(([name, schema]) => [name, this.of(schema, name)]);
      return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
        requiredKeys: [...required],
      });
    }
    const value =
      typeof additionalProperties === 'object' ? this.of(additionalProperties) : fc.constantFrom('a', 'b', null);
    return fc.dictionary(fc.constantFrom('PORT', 'RACK_ENV', 'DATABASE_URL', 'A_KEY'), value, { maxKeys: 3 });
  }
}
