import { Column, ForeignKey, PrimaryGeneratedColumn, type ColumnOptions } from 'typeorm';

/** A `bigint` identity; ids are strings in TypeScript and on the wire. */
export const Id = (): PropertyDecorator =>
  PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' });

/** A reference to another table's row, kept by a foreign key; names are of the column and of the constraint's target. */
export const Ref =
  (name: string, target: () => new () => object, options: ColumnOptions = {}): PropertyDecorator =>
  (object, property) => {
    Column({ ...options, name, type: 'bigint' })(object, property);
    ForeignKey(target)(object, property);
  };

/** A time, in UTC, to the millisecond. */
export const Time = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ ...options, name, type: 'timestamptz', precision: 3 });
