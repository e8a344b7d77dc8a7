import { Brackets, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { ALL, allows, type Grant, type Place } from '../domain/access/grant.js';
import { presentCaller } from './present-caller.js';

/** Properties of the rows of a list, as the query names them: `deploy.appId`. */
export interface SightColumns {
  readonly app: string;
  /** None where the rows are of every environment. */
  readonly environment?: string;
  /** Whether a row of an app without an environment is seen in any, as the app itself is. */
  readonly orOfTheApp?: boolean;
}

/** Whether the present caller may see what is there: for what is no row of a list. */
export function inSight(place: Place): boolean {
  const caller = presentCaller();
  return caller === undefined || allows(caller.grants, 'read', place);
}

/** Leaves only the rows that the present caller may see; any right at a place lets see it. */
export function withinSight<T extends ObjectLiteral>(
  select: SelectQueryBuilder<T>,
  columns: SightColumns,
): SelectQueryBuilder<T> {
  const grants = presentCaller()?.grants.filter(({ verbs }) => verbs.length > 0);
  if (grants === undefined || grants.some(seesAll)) return select;
  if (grants.length === 0) return select.andWhere('FALSE');
  return select.andWhere(
    new Brackets((either) => grants.forEach((grant, at) => either.orWhere(...conditionOf(grant, columns, at)))),
  );
}

const seesAll = ({ apps, environments }: Grant): boolean => apps === ALL && environments === ALL;

/** Parameters carry the number of the grant, so that those of two never meet. */
function conditionOf({ apps, environments }: Grant, columns: SightColumns, at: number): [string, ObjectLiteral] {
  const conditions: string[] = [];
  if (apps !== ALL) conditions.push(`${columns.app} = ANY(CAST(:sightApps${at} AS bigint[]))`);
  if (environments !== ALL) conditions.push(inEnvironments(columns, at));
  return [`(${conditions.join(' AND ')})`, { [`sightApps${at}`]: apps, [`sightEnvironments${at}`]: environments }];
}

/** What is of every environment is seen in any; but not what is of every app, too. */
function inEnvironments({ app, environment, orOfTheApp = false }: SightColumns, at: number): string {
  const ofAnApp = `${app} IS NOT NULL`;
  if (environment === undefined) return ofAnApp;
  const inOne = `${environment} IN (SELECT "id" FROM "environments" WHERE "name" = ANY(CAST(:sightEnvironments${at} AS text[])))`;
  return orOfTheApp ? `(${inOne} OR (${environment} IS NULL AND ${ofAnApp}))` : inOne;
}
