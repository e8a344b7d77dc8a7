/// <reference types="vite/types/importMeta.d.ts" />
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { TEMPLATES } from '../remove-templates.js';
import { dataSourceOptions } from '../../src/store/data-source.js';

/** A database of one test file. */
export interface TestDatabase {
  readonly url: string;
  /** Another with the same rows; nobody may be connected to this one. */
  copy(): Promise<TestDatabase>;
  /** Removes it, with whoever is still connected. */
  drop(): Promise<void>;
}

/** A fresh database, migrated, on the server of `DATABASE_URL`: a copy of one that each thread migrates once. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['DATABASE_URL'];
  if (server === undefined)
    throw new Error('DATABASE_URL should name a Postgres server on which tests may make databases');
  template ??= createTemplate(server);
  return copyDatabase(server, await template);
}

async function copyDatabase(server: string, source: string): Promise<TestDatabase> {
  const name = `jockey_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${source}`);
  return {
    url: urlOf(server, name),
    copy: () => copyDatabase(server, name),
    drop: () => onServer(server, dropping(name)),
  };
}

let template: Promise<string> | null = null;

async function createTemplate(server: string): Promise<string> {
  const name = `${process.env[TEMPLATES] ?? 'jockey_template'}_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  await migrate(urlOf(server, name));
  return name;
}

function urlOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

const dropping = (name: string): string => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`;

type Migration = new () => MigrationInterface;

/** Through Vite, because TypeORM's own import of the files cannot read TypeScript. */
const MIGRATIONS = Object.values(
  import.meta.glob<Record<string, Migration>>('../../migrations/*.ts', { eager: true }),
).flatMap((module) => Object.values(module));

async function migrate(url: string): Promise<void> {
  const dataSource = await new DataSource({ ...dataSourceOptions(url), migrations: MIGRATIONS }).initialize();
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
