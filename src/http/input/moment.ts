import { Field, show } from './fields.js';

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/;

/** A time that is told with its zone; it may be left out. */
export function Moment(example = '2026-11-21T03:36:00Z'): PropertyDecorator {
  const rule = (value: unknown): string | null =>
    typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value))
      ? null
      : `is ${show(value)}, but should be a time with its zone, such as ${example}.`;
  return Field('text', rule, { optional: true, example, schema: { type: 'string', format: 'date-time' } });
}
