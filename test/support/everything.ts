import type { DataSource } from 'typeorm';

/** Every row of every table, as text: what a dump of the database would show, and JSON as it reads too. */
export async function everythingIn(dataSource: DataSource): Promise<readonly string[]> {
  const tables = await dataSource.query<{ name: string }[]>(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) =>
      dataSource.query<{ text: string; json: string }[]>(
        `SELECT each::text AS text, to_jsonb(each)::text AS json FROM ${name} each`,
      ),
    ),
  );
  return rows.flat().flatMap(({ text, json }) => [text, json]);
}
