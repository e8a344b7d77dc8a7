import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { DataSource, In, type SelectQueryBuilder } from 'typeorm';
import { notFound } from '../../domain/kernel/errors.js';
import { ID } from '../../domain/kernel/names.js';
import { AuditEntries } from '../../store/audit/audit-entries.js';
import { AuditEntryRow } from '../../store/entities/index.js';
import { type Page, readPage } from '../../store/page.js';
import { Directory, idOrNotFound } from '../../store/repositories/directory.js';
import type { AuditItemDto, ListAuditDto } from './audit.dto.js';
import { viewOf } from './audit-view.js';

/** The audit as the API shows it: one item for each write. */
@Injectable()
export class AuditService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly entries: AuditEntries,
  ) {}

  async list(query: ListAuditDto): Promise<Page<AuditItemDto>> {
    const select = this.dataSource.getRepository(AuditEntryRow).createQueryBuilder('entry');
    select.where(`entry.phase <> 'ended'`);
    await this.filter(select, query);
    const page = await readPage(select, query);
    const ends = await this.endsOf(page.items);
    const now = new Date();
    return page.map((begun) => viewOf(begun, ends.get(begun.id), now));
  }

  /** One by the number of any of its entries. */
  async get(id: string): Promise<AuditItemDto> {
    const rows = this.dataSource.getRepository(AuditEntryRow);
    const asked = await rows.findOneBy({ id: idOrNotFound('entry of the audit', id) });
    const begun = asked === null || asked.id === asked.writeId ? asked : await rows.findOneBy({ id: asked.writeId });
    if (begun === null) throw notFound('entry of the audit', id);
    return viewOf(begun, (await this.endsOf([begun])).get(begun.id), new Date());
  }

  /** Every entry after one, a line each, no faster than it is read. */
  async export(response: Response, after = '0'): Promise<void> {
    response.type('application/x-ndjson');
    await pipeline(Readable.from(this.lines(String(BigInt(after) + 1n))), response);
  }

  private async *lines(first: string): AsyncGenerator<string> {
    for await (const entry of this.entries.from(first)) yield `${JSON.stringify(entry)}\n`;
  }

  private async endsOf(begun: readonly AuditEntryRow[]): Promise<ReadonlyMap<string, AuditEntryRow>> {
    const where = { writeId: In(begun.map(({ id }) => id)), phase: 'ended' as const };
    const ends = begun.length === 0 ? [] : await this.dataSource.manager.findBy(AuditEntryRow, where);
    return new Map(ends.map((end) => [end.writeId, end]));
  }

  private async filter(select: SelectQueryBuilder<AuditEntryRow>, query: ListAuditDto): Promise<void> {
    const { actor, app, environment, operation, subject, subject_id: subjectId, since, until } = query;
    either(select, '(it.actor_name = :actor OR it.actor_login = :actor)', { actor });
    either(select, 'it.app_id = :appId', { appId: app === undefined ? undefined : await this.appId(app) });
    either(select, 'it.environment = :environment', { environment: environment?.toLowerCase() });
    either(select, 'it.subject = :subject', { subject });
    either(select, 'it.subject_id = :subjectId', { subjectId });
    if (operation !== undefined) select.andWhere({ operation });
    if (query.request_id !== undefined) select.andWhere({ requestId: query.request_id });
    if (since !== undefined) select.andWhere('entry.at >= :since', { since });
    if (until !== undefined) select.andWhere('entry.at < :until', { until });
  }

  /** A deleted app is known by its id alone. */
  private async appId(key: string): Promise<string> {
    return ID.test(key) ? key : (await this.directory.app(key)).id;
  }
}

/** Where one of a write's entries says so: of what it creates, only the last one knows the id. */
function either(
  select: SelectQueryBuilder<AuditEntryRow>,
  condition: string,
  parameter: Record<string, string | undefined>,
): void {
  if (Object.values(parameter).includes(undefined)) return;
  select.andWhere(`EXISTS (SELECT 1 FROM audit_entries it WHERE it.write_id = entry.id AND ${condition})`, parameter);
}
