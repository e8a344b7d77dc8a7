import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { cutAt } from '../domain/log/cut-at.js';
import type { LogLevel, LogLine, LogStream, LogSubject } from '../domain/log/log-line.js';
import { LONGEST_LINE } from '../domain/log/printed-lines.js';
import { type Redactor, Redactors, type SecretsOf } from './redactors.js';

/** Whose log. */
export interface LogOf {
  readonly subject: LogSubject;
  readonly id: string;
}

/** A line to be written. */
export interface NewLogLine {
  readonly logger: string;
  readonly level?: LogLevel;
  readonly text: string;
  /** When it was printed; the database's time as it is written where nothing is said. */
  readonly at?: Date;
  /** As in {@link LogLine}; nothing where it is not said. */
  readonly stream?: LogStream;
  readonly step?: string | null;
}

/** Which lines of a log. */
export interface LogRange {
  /** Only those behind this position. */
  readonly after: string;
  /** Only those before this position; null for all. */
  readonly before: string | null;
  /** The most lines. */
  readonly limit: number;
}

const TABLES: Readonly<Record<LogSubject, string>> = {
  build: 'builds',
  deploy: 'deploys',
  reconcile: 'reconciles',
  run: 'runs',
};

/** The logs of builds, deploys, reconciles and runs, in Postgres. */
@Injectable()
export class LogBook {
  constructor(
    private readonly dataSource: DataSource,
    private readonly redactors: Redactors,
  ) {}

  /** Writes lines in their order, without the secrets in them. */
  async append(of: LogOf, lines: readonly NewLogLine[]): Promise<void> {
    if (lines.length === 0) return;
    const { text: mask } = await this.redactor(of);
    const masked = lines.map((line) => ({
      ...line,
      text: cutLine(mask(line.text)),
      step: line.step == null ? null : cutLine(mask(line.step)),
    }));
    await this.write(of, masked);
  }

  /** What takes the secrets out of a log, as they are now. */
  async redactor(of: LogOf): Promise<Redactor> {
    return this.redactors.of(await this.placeOf(of));
  }

  /**
   * Writes lines that hold no secrets any more. Writers of one log take turns: positions are given before a write is
   * seen, and a reader that goes on from the highest one that it saw would otherwise miss a lower one that comes late.
   */
  async write(of: LogOf, lines: readonly NewLogLine[]): Promise<void> {
    await this.dataSource.query(
      `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 0)))
       INSERT INTO log_lines (subject, subject_id, timestamp, logger, level, text, stream, step)
       SELECT $1::text, $2::text::bigint, COALESCE(line.at, clock_timestamp()),
         line.logger, line.level, line.text, line.stream, line.step
       FROM turn, unnest($3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
         WITH ORDINALITY AS line (at, logger, level, text, stream, step, place)
       ORDER BY line.place`,
      [of.subject, of.id, ...columnsOf(lines)],
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

  /** Lines of a part of the log, oldest first. */
  async read(of: LogOf, { after, before, limit }: LogRange): Promise<readonly LogLine[]> {
    return this.dataSource.query<LogLine[]>(
      `SELECT id AS position, timestamp, logger, level, text, stream, step FROM log_lines
       WHERE subject = $1 AND subject_id = $2 AND id > $3 AND ($4::bigint IS NULL OR id < $4) ORDER BY id LIMIT $5`,
      [of.subject, of.id, after, before, limit],
    );
  }

  /** The position behind which the last `count` lines are that stand before a position (null: the last ones of all). */
  async lastBegin(of: LogOf, { count, before }: { count: number; before: string | null }): Promise<string> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM log_lines WHERE subject = $1 AND subject_id = $2 AND ($3::bigint IS NULL OR id < $3)
       ORDER BY id DESC LIMIT 1 OFFSET $4`,
      [of.subject, of.id, before, count],
    );
    return rows[0]?.id ?? '0';
  }
}

/** The values of each column, ready for `unnest`. */
function columnsOf(lines: readonly NewLogLine[]): readonly unknown[][] {
  return [
    lines.map(({ at }) => at?.toISOString() ?? null),
    lines.map(({ logger }) => logger),
    lines.map(({ level = 'info' }) => level),
    lines.map(({ text }) => withoutNul(text)),
    lines.map(({ stream }) => stream ?? null),
    lines.map(({ step }) => (step == null ? null : withoutNul(step))),
  ];
}

/** Postgres text holds no NUL. */
const withoutNul = (text: string): string => text.replaceAll('\u0000', '\uFFFD');

/** A line that is not longer than a log keeps them; one that was says how long it is. */
export function cutLine(text: string): string {
  return text.length <= LONGEST_LINE
    ? text
    : `${text.slice(0, cutAt(text, LONGEST_LINE))} … (line cut: ${text.length} characters)`;
}
