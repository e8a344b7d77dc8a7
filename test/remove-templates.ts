import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** The variable that says how the databases begin that tests of this run copy. */
export const TEMPLATES = 'JOCKEY_TEST_TEMPLATES';

/** Names the templates of this run, and removes them at its end: threads outlive the files that make them. */
export default function setUp(): () => Promise<void> {
  const prefix = `jockey_template_${randomBytes(4).toString('hex')}`;
  process.env[TEMPLATES] = prefix;
  return () => removeTemplates(prefix);
}

async function removeTemplates(prefix: string): Promise<void> {
  const connectionString = process.env['DATABASE_URL'];
  if (connectionString === undefined) return;
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    for (const { name } of rows) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
