import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import type { LogLevel, LogLine, LogStream, LogSubject } from '../domain/log/log-line.js';
import { LogLineRow } from './entities/index.js';
import { Redactors, type SecretsOf } from './redactors.js';

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
  /** As in {@link LogLine}; nothing where it is not said. */
  readonly stream?: LogStream;
  readonly step?: string | null;
}

const TABLES: Readonly<Record<LogSubject, string>> = { build: 'builds', deploy: 'deploys', reconcile: 'reconciles' };

/** Longest line that is kept, in characters; what is longer is cut and says so. */
export const LONGEST_LINE = 16_384;

/** The logs of builds, deploys and reconciles, in Postgres. */
@Injectable()
export class LogBook {
  constructor(
    private readonly dataSource: DataSource,
    private readonly redactors: Redactors,
  ) {}

  /**
   * Writes lines in their order. Writers of one log take turns: positions are given before a write is seen, and a reader
   * that goes on from the highest one that it saw would otherwise miss a lower one that comes late.
   */
  async append(of: LogOf, lines: readonly NewLogLine[]): Promise<void> {
    if (lines.length === 0) return;
    const redactor = await this.redactors.of(await this.placeOf(of));
    await this.dataSource.query(
      `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 0)))
       INSERT INTO log_lines (subject, subject_id, timestamp, logger, level, text, stream, step)
       SELECT $1::text, $2::text::bigint, clock_timestamp(), line.logger, line.level, line.text, line.stream, line.step
       FROM turn, unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
         WITH ORDINALITY AS line (logger, level, text, stream, step, place)
       ORDER BY line.place`,
      [
        of.subject,
        of.id,
        lines.map(({ logger }) => logger),
        lines.map(({ level = 'info' }) => level),
        lines.map(({ text }) => cut(redactor.text(text))),
        lines.map(({ stream }) => stream ?? null),
        lines.map(({ step }) => (step == null ? null : cut(redactor.text(step)))),
      ],
    );
  }

  /** Whose secrets are taken out: those of its app, in its environment where it has one. */
  private async placeOf({ subject, id }: LogOf): Promise<SecretsOf> {
    const environment = subject === 'build' ? 'NULL::bigint' : 'environment_id';
    const [place] = await this.dataSource.query<SecretsOf[]>(
      `SELECT app_id AS "appId", ${environment} AS "environmentId" FROM ${TABLES[subject]} WHERE id = $1`,
      [id],
    );
    return place ?? { appId: null, environmentId: null };
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
    return rows.map(({ id, subject: _subject, subjectId: _subjectId, ...line }) => ({ position: id, ...line }));
  }
}

/** Postgres text holds no NUL. */
function cut(text: string): string {
  const clean = text.replaceAll('\u0000', '\uFFFD');
  return clean.length <= LONGEST_LINE
    ? clean
    : `${clean.slice(0, LONGEST_LINE)} … (line cut: ${clean.length} characters)`;
}
