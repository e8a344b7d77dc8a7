/** A schema, or a part of one. */
export type Schema = { readonly [keyword: string]: unknown };

/**
 * A schema of OpenAPI 3.0 as one of JSON Schema 2020-12: `nullable` becomes a type, exclusive bounds become numbers, and
 * references lead into the document of this name.
 */
export function toJsonSchema(schema: unknown, document: string): unknown {
  if (Array.isArray(schema)) return schema.map((each) => toJsonSchema(each, document));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, example: _example, examples: _examples, discriminator: _discriminator, ...rest } = schema as Schema;
  const entries = Object.entries(rest).map(([key, value]) => [key, convertedKeyword(key, value, document)]);
  const converted = withNumericBounds(Object.fromEntries(entries) as Schema);
  return nullable === true ? orNull(converted) : converted;
}

/** Enums hold values, and `properties` holds names: neither is a schema itself. */
function convertedKeyword(key: string, value: unknown, document: string): unknown {
  if (key === '$ref') return `${document}${String(value)}`;
  if (key === 'enum' || key === 'required' || key === 'default') return value;
  if (key === 'properties') return mapValues(value as Schema, (each) => toJsonSchema(each, document));
  return toJsonSchema(value, document);
}

function withNumericBounds(schema: Schema): Schema {
  const { exclusiveMinimum, exclusiveMaximum, minimum, maximum, ...rest } = schema;
  const lower = exclusiveMinimum === true ? { exclusiveMinimum: minimum } : { minimum };
  const upper = exclusiveMaximum === true ? { exclusiveMaximum: maximum } : { maximum };
  const given = Object.entries({ ...lower, ...upper }).filter(([, value]) => value !== undefined);
  return { ...rest, ...Object.fromEntries(given) };
}

/** Beside a closed list of values `nullable` means that null is one more. */
const orNull = (schema: Schema): Schema => ({ anyOf: [{ type: 'null' }, schema] });

/** The same names with other values. */
export function mapValues(object: Schema, change: (value: unknown) => unknown): Schema {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
