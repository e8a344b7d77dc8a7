import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import type { LogLevel, LogLine, LogSubject } from '../domain/log/log-line.js';
import { LogLineRow } from './entities/index.js';

/** Whose log. */
export interface LogOf {
  readonly subject: LogSubject;
  readonly id: string;
}

/** A line to be written; its time is the database's. */
export interface NewLogLine {
  readonly logger: string;
  readonly level?: LogLevel;
  readonly text: string;
}

/** Longest line that is kept, in characters; what is longer is cut and says so. */
export const LONGEST_LINE = 16_384;

/** The logs of builds, deploys and reconciles, in Postgres. */
@Injectable()
export class LogBook {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes lines in their order. */
  async append(of: LogOf, lines: readonly NewLogLine[]): Promise<void> {
    if (lines.length === 0) return;
    const rows = lines.map((line) => ({
      subject: of.subject,
      subjectId: of.id,
      logger: line.logger,
      level: line.level ?? ('info' as const),
      text: cut(line.text),
      timestamp: new Date(),
    }));
    await this.dataSource.createQueryBuilder().insert().into(LogLineRow).values(rows).updateEntity(false).execute();
  }

  /** The position of the last line; `'0'` while there is none. */
  async lastPosition(of: LogOf): Promise<string> {
    const rows = await this.dataSource.query<{ id: string | null }[]>(
      'SELECT max(id) AS id FROM log_lines WHERE subject = $1 AND subject_id = $2',
      [of.subject, of.id],
    );
    return rows[0]?.id ?? '0';
  }

  /** Lines after a position (`'0'` for all), oldest first, at most `limit`. */
  async after(of: LogOf, position: string, limit = 10_000): Promise<readonly LogLine[]> {
    const rows = await this.dataSource.getRepository(LogLineRow).find({
      where: { subject: of.subject, subjectId: of.id, id: MoreThan(position) },
      order: { id: 'ASC' },
      take: limit,
    });
    return rows.map(({ id, timestamp, logger, level, text }) => ({ position: id, timestamp, logger, level, text }));
  }
}

/** Postgres text holds no NUL. */
function cut(text: string): string {
  const clean = text.replaceAll('\u0000', '\uFFFD');
  return clean.length <= LONGEST_LINE
    ? clean
    : `${clean.slice(0, LONGEST_LINE)} … (line cut: ${clean.length} characters)`;
}
