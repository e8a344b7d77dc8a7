import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy, ValidateIf } from 'class-validator';
import { ID } from '../../domain/kernel/names.js';

/** Whether a field must be there. */
export interface Presence {
  /** May be left out; `null` is still refused. */
  readonly optional?: boolean;
  /** May be `null`, which means "none". */
  readonly nullable?: boolean;
  /** An empty text is a value of its own, and not the same as nothing said. */
  readonly empty?: boolean;
  /** What the field may look like, for the document. */
  readonly example?: unknown;
}

/** What a field holds, so that the strings of forms and queries are read as it. */
export type FieldKind = 'text' | 'number' | 'flag' | 'map';

/** The fault of a value and the way out, or null for a good one. */
export type Rule = (value: unknown) => string | null;

/** What is known of a field beside its rule. */
export interface FieldFacts {
  readonly kind: FieldKind;
  /** Whether an empty string of a form means that nothing was said: it is how Ruby sends `nil`. */
  readonly emptyIsAbsent: boolean;
}

/** An empty number is a slip, and no wish to leave all as it is. */
const MAY_BE_NIL: ReadonlySet<FieldKind> = new Set(['text', 'flag']);

const FACTS = Symbol('jockey:fields');

/** The fields of a DTO class and what they hold, those of its parents too. */
export function fieldsOf(dto: object): ReadonlyMap<string, FieldFacts> {
  return (Reflect.getMetadata(FACTS, dto) as Map<string, FieldFacts> | undefined) ?? new Map();
}

/** A field with a rule of its own. The other decorators of this file are made with it. */
export function Field(kind: FieldKind, rule: Rule, options: Presence & { schema?: ApiPropertyOptions } = {}) {
  return applyDecorators(
    remember({ kind, emptyIsAbsent: options.optional === true && MAY_BE_NIL.has(kind) && options.empty !== true }),
    ValidateIf((_, value) => !(options.optional && value === undefined) && !(options.nullable && value === null)),
    ValidateBy({
      name: `jockey-${kind}`,
      validator: {
        validate: (value) => required(rule)(value) === null,
        defaultMessage: (checked) => required(rule)(checked?.value) ?? '',
      },
    }),
    ApiProperty({
      required: options.optional !== true,
      ...(options.nullable ? { nullable: true } : {}),
      ...(options.example === undefined ? {} : { example: options.example }),
      ...options.schema,
    } as ApiPropertyOptions),
  );
}

/** A text of `min` to `max` characters, where given of a pattern that `shape` says in words. */
export function Text(options: Presence & { min?: number; max: number; pattern?: RegExp; shape?: string }) {
  const { min = 1, max, pattern, shape } = options;
  const should = shape ?? `a text of ${min} to ${max} characters`;
  const rule: Rule = (value) => {
    if (typeof value !== 'string') return `is ${show(value)}, but should be ${should}.`;
    if (value.length < min || value.length > max)
      return `has ${value.length} characters, but should be ${should}${shape === undefined ? '' : `, ${min} to ${max} characters`}.`;
    return pattern === undefined || pattern.test(value) ? null : `is ${show(value)}, but should be ${should}.`;
  };
  return Field('text', rule, {
    empty: min === 0,
    ...options,
    schema: { type: 'string', minLength: min, maxLength: max },
  });
}

/** A whole number between two, both included. */
export function WholeNumber(options: Presence & { min: number; max: number; unit?: string }) {
  const { min, max, unit } = options;
  const should = `a whole number${unit === undefined ? '' : ` of ${unit}`} from ${min} to ${max}`;
  const rule: Rule = (value) =>
    Number.isInteger(value) && within(value as number, options) ? null : `is ${show(value)}, but should be ${should}.`;
  return Field('number', rule, { ...options, schema: { type: 'integer', minimum: min, maximum: max } });
}

/** A number between two, both included. */
export function Amount(options: Presence & { min: number; max: number; unit?: string }) {
  const { min, max, unit } = options;
  const should = `a number${unit === undefined ? '' : ` of ${unit}`} from ${min} to ${max}`;
  const rule: Rule = (value) =>
    typeof value === 'number' && within(value, options) ? null : `is ${show(value)}, but should be ${should}.`;
  return Field('number', rule, { ...options, schema: { type: 'number', minimum: min, maximum: max } });
}

/** True or false. */
export function Flag(options: Presence = {}) {
  const rule: Rule = (value) => (typeof value === 'boolean' ? null : `is ${show(value)}, but should be true or false.`);
  return Field('flag', rule, { ...options, schema: { type: 'boolean' } });
}

/** One of a few words. */
export function OneOf(words: readonly string[], options: Presence = {}) {
  const rule: Rule = (value) =>
    typeof value === 'string' && words.includes(value)
      ? null
      : `is ${show(value)}, but should be one of ${words.join(', ')}.`;
  return Field('text', rule, { ...options, schema: { type: 'string', enum: [...words] } });
}

/** The name or the id of something, `app`, `environment` or `stack`; whether it is there is looked up later. */
export function Reference(noun: string, options: Presence = {}) {
  const shape = `the name or the id of ${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}, as text`;
  return Text({ max: 63, shape, ...options });
}

/** The id of something that has no name. */
export function Identifier(noun: string, options: Presence = {}) {
  return Text({ max: 18, pattern: ID, shape: `the id of a ${noun}: digits, as text`, ...options });
}

/** A value as it may be shown to who sent it: short. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}

const within = (value: number, { min, max }: { min: number; max: number }): boolean => value >= min && value <= max;

const required =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined ? 'is required.' : rule(value);

function remember(facts: FieldFacts): PropertyDecorator {
  return (target, property) => {
    const known = new Map(fieldsOf(target.constructor));
    Reflect.defineMetadata(FACTS, known.set(String(property), facts), target.constructor);
  };
}
