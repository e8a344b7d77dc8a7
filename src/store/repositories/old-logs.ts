import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** So many lines go at once, so that no transaction is long; and so many logs are looked up at once. */
const LINES_AT_ONCE = 5_000;
const LOGS_AT_ONCE = 200;

/** What has a log: its subject in the lines, and its table. */
const SUBJECTS = [
  ['build', 'builds'],
  ['deploy', 'deploys'],
  ['reconcile', 'reconciles'],
] as const;

type Subject = (typeof SUBJECTS)[number];

/** Logs of what ended long ago. */
@Injectable()
export class OldLogs {
  constructor(private readonly dataSource: DataSource) {}

  /** How many logs there are of what ended before. */
  async count(before: Date): Promise<number> {
    const counts = SUBJECTS.map(async (subject) => {
      const sql = `SELECT count(*)::int AS count FROM (${old(subject)}) old`;
      const [row] = await this.dataSource.query<{ count: number }[]>(sql, [before]);
      return row?.count ?? 0;
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  /** Removes them line by line, and answers how many logs that were. Of builds it is noted that their log was removed. */
  async remove(before: Date): Promise<number> {
    let removed = 0;
    for (const subject of SUBJECTS)
      for (let ids = await this.someOf(subject, before); ids.length > 0; ids = await this.someOf(subject, before)) {
        if (subject[0] === 'build')
          await this.dataSource.query('UPDATE builds SET log_removed_at = now() WHERE id = ANY($1)', [ids]);
        await this.removeLines(subject[0], ids);
        removed += ids.length;
      }
    return removed;
  }

  private async someOf(subject: Subject, before: Date): Promise<readonly string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(`${old(subject)} LIMIT ${LOGS_AT_ONCE}`, [before]);
    return rows.map(({ id }) => id);
  }

  private async removeLines(subject: string, ids: readonly string[]): Promise<void> {
    for (let gone = LINES_AT_ONCE; gone === LINES_AT_ONCE;) {
      const rows = await this.dataSource.query<{ gone: number }[]>(
        `WITH gone AS (DELETE FROM log_lines WHERE id IN (
           SELECT id FROM log_lines WHERE subject = $1 AND subject_id = ANY($2) LIMIT $3) RETURNING 1)
         SELECT count(*)::int AS gone FROM gone`,
        [subject, ids, LINES_AT_ONCE],
      );
      gone = rows[0]?.gone ?? 0;
    }
  }
}

/** What ended before $1 and has lines still: also what a killed engine left half removed. */
function old([subject, table]: Subject): string {
  return `SELECT it.id FROM ${table} it WHERE it.completed_at < $1
    AND EXISTS (SELECT 1 FROM log_lines line WHERE line.subject = '${subject}' AND line.subject_id = it.id)`;
}
