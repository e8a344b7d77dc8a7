import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { seesApp } from '../../domain/access/grant.js';
import { invalid, notFound } from '../../domain/kernel/errors.js';
import { ID, LABEL } from '../../domain/kernel/names.js';
import { AppRow, EnvironmentRow, StackRow } from '../entities/index.js';
import { presentCaller } from '../present-caller.js';

/**
 * Finds apps, environments and stacks by name or id: a name begins with a letter, an id is digits, so the one is never
 * taken for the other; capitals in a name do not matter. What is not there throws `not_found`, and so does an app that
 * the present caller may not see.
 */
@Injectable()
export class Directory {
  constructor(private readonly dataSource: DataSource) {}

  /** A living app. */
  async app(nameOrId: string, manager: EntityManager = this.dataSource.manager): Promise<AppRow> {
    const where = whereOf('app', nameOrId);
    const row = await manager.findOneBy(AppRow, { ...where, deletedAt: IsNull() });
    return found(row !== null && inSight(row) ? row : null, 'app', nameOrId);
  }

  /** An environment. */
  async environment(nameOrId: string, manager: EntityManager = this.dataSource.manager): Promise<EnvironmentRow> {
    const where = whereOf('environment', nameOrId);
    return found(await manager.findOneBy(EnvironmentRow, where), 'environment', nameOrId);
  }

  /** Refuses an app or an environment that is another than that of the row: neither ever changes. */
  async requireSamePlace(
    row: { appId: string; environmentId: string },
    { app, environment }: SaidPlace,
  ): Promise<void> {
    if (app !== undefined && (await this.app(app)).id !== row.appId)
      throw invalid('app', 'is another than it belongs to, which cannot change; leave it out.');
    if (environment !== undefined && (await this.environment(environment)).id !== row.environmentId)
      throw invalid('environment', 'is another than it belongs to, which cannot change; leave it out.');
  }

  /** A stack. */
  async stack(nameOrId: string, manager: EntityManager = this.dataSource.manager): Promise<StackRow> {
    const where = whereOf('stack', nameOrId);
    return found(await manager.findOneBy(StackRow, where), 'stack', nameOrId);
  }
}

/** What a caller says again of what cannot change. */
export interface SaidPlace {
  readonly app?: string;
  readonly environment?: string;
}

/** The engine, whom nobody asks, sees every app. */
function inSight({ id }: AppRow): boolean {
  const caller = presentCaller();
  return caller === undefined || seesApp(caller.grants, id);
}

/** What is neither a name nor an id cannot be there; the database is not asked. */
function whereOf(noun: string, key: string): { id: string } | { name: string } {
  if (ID.test(key)) return { id: key };
  const name = key.toLowerCase();
  if (LABEL.test(name)) return { name };
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
