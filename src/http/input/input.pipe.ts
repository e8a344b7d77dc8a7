import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { DomainError, type FieldError } from '../../domain/kernel/errors.js';
import { isForm } from './body-parser.js';
import { type FieldFacts, fieldsOf } from './fields.js';

type Input = Readonly<Record<string, unknown>>;

/**
 * Makes the DTO of a body or of the query parameters: strings of forms and queries become numbers and booleans where
 * the DTO says so, unknown fields are refused, and every rule is checked. Nothing else reaches a handler.
 */
@Injectable()
export class InputPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || metatype === undefined || metatype === Object) return value;
    const input = (value ?? {}) as Input;
    const dto = metatype as Type<object>;
    if (type === 'query') return readInput(dto, fromStrings(dto, withoutEmpty(input)));
    return readInput(dto, isForm(input) ? fromStrings(dto, input) : input);
  }
}

/** Checks an input against its DTO class; throws `record_invalid` with every fault. */
export function readInput<T extends object>(dto: Type<T>, input: Input): T {
  const fields = fieldsOf(dto);
  const result = new dto();
  for (const name of fields.keys()) if (Object.hasOwn(input, name)) Reflect.set(result, name, input[name]);
  const faults = [...unknownFields(input, fields), ...unstorableText(input), ...brokenRules(result)];
  if (faults.length === 0) return result;
  throw new DomainError('record_invalid', faults.map(({ field, message }) => `${field} ${message}`).join(' '), faults);
}

/** A part of a body that is a map of its own. */
export interface InputPart {
  /** The field that it stands in. */
  readonly name: string;
  readonly input: Input;
  /** Whether it came in a form, whose values are all strings. */
  readonly form: boolean;
}

/** Checks a part of a body as {@link readInput} does; its fields are named with a dot behind that of the part. */
export function readPart<T extends object>(dto: Type<T>, { name, input, form }: InputPart): T {
  try {
    return readInput(dto, form ? fromStrings(dto, input) : input);
  } catch (error) {
    throw error instanceof DomainError ? within(name, error) : error;
  }
}

/** The same failure, of a part: every field is named with the part's name before it. */
export function within(name: string, { code, fields }: DomainError): DomainError {
  const inner = fields.map(({ field, message }) => ({ field: `${name}.${field}`, message }));
  return new DomainError(code, inner.map(({ field, message }) => `${field} ${message}`).join(' '), inner);
}

function unknownFields(input: Input, fields: ReadonlyMap<string, FieldFacts>): FieldError[] {
  const known = [...fields.keys()].join(', ') || 'none';
  return Object.keys(input)
    .filter((name) => !fields.has(name))
    .map((name) => ({ field: name.slice(0, 80), message: `is not known here; known are: ${known}.` }));
}

/** Postgres stores no NUL, and no half of a surrogate pair. */
function unstorableText(input: Input): FieldError[] {
  return Object.entries(input)
    .filter(([, value]) => typeof value === 'string' && /\u0000|\p{Surrogate}/u.test(value))
    .map(([field]) => ({ field, message: 'holds a character that cannot be stored (NUL, or half of a pair).' }));
}

function brokenRules(result: object): FieldError[] {
  return validateSync(result, { forbidUnknownValues: false }).flatMap((fault) =>
    Object.values(fault.constraints ?? {})
      .slice(0, 1)
      .map((message) => ({ field: fault.property, message })),
  );
}

/** Reads the strings of a form by what their fields hold; what cannot be read stays, for its rule to name. */
function fromStrings(dto: object, input: Input): Input {
  const fields = fieldsOf(dto);
  const said = Object.entries(input).filter(([name, value]) => value !== '' || !fields.get(name)?.emptyIsAbsent);
  return Object.fromEntries(said.map(([name, value]) => [name, typed(value, fields.get(name))]));
}

/** An empty parameter of a query says nothing: it is how Ruby sends `nil`. */
const withoutEmpty = (query: Input): Input =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));

function typed(value: unknown, field: FieldFacts | undefined): unknown {
  if (typeof value !== 'string') return value;
  const kind = field?.kind;
  if (kind === 'number') return /^-?[0-9]+(\.[0-9]+)?(e[0-9]+)?$/i.test(value) ? Number(value) : value;
  if (kind === 'flag') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}
