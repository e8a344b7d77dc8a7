import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { notFound } from '../../domain/kernel/errors.js';
import { ID, LABEL } from '../../domain/kernel/names.js';
import { AppRow, EnvironmentRow, StackRow } from '../entities/index.js';

/**
 * Finds apps, environments and stacks by name or id: a name begins with a letter, an id is digits, so the one is never
 * taken for the other. What is not there throws `not_found`.
 */
@Injectable()
export class Directory {
  constructor(private readonly dataSource: DataSource) {}

  /** A living app. */
  async app(nameOrId: string, manager: EntityManager = this.dataSource.manager): Promise<AppRow> {
    const where = whereOf('app', nameOrId);
    return found(await manager.findOneBy(AppRow, { ...where, deletedAt: IsNull() }), 'app', nameOrId);
  }

  /** An environment. */
  async environment(nameOrId: string, manager: EntityManager = this.dataSource.manager): Promise<EnvironmentRow> {
    const where = whereOf('environment', nameOrId);
    return found(await manager.findOneBy(EnvironmentRow, where), 'environment', nameOrId);
  }

  /** A stack. */
  async stack(nameOrId: string, manager: EntityManager = this.dataSource.manager): Promise<StackRow> {
    const where = whereOf('stack', nameOrId);
    return found(await manager.findOneBy(StackRow, where), 'stack', nameOrId);
  }
}

/** What is neither a name nor an id cannot be there; the database is not asked. */
function whereOf(noun: string, key: string): { id: string } | { name: string } {
  if (ID.test(key)) return { id: key };
  if (LABEL.test(key)) return { name: key };
  throw notFound(noun, key);
}

function found<T>(row: T | null, noun: string, key: string): T {
  if (row === null) throw notFound(noun, key);
  return row;
}

/** The id of something that has no name, or `not_found`: what is no id cannot be there. */
export function idOrNotFound(noun: string, key: string): string {
  if (!ID.test(key)) throw notFound(noun, key);
  return key;
}
