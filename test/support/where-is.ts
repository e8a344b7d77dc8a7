import type { DataSource } from 'typeorm';

/** Tables that hold a text anywhere in a row. */
export async function tablesWith(dataSource: DataSource, text: string): Promise<readonly string[]> {
  const tables = await dataSource.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await dataSource.query<{ many: number }[]>(
        `SELECT count(*)::int AS many FROM "${name}" each WHERE position($1 IN each::text) > 0`,
        [text],
      );
      return row?.many === 0 ? [] : [name];
    }),
  );
  return found.flat();
}
