import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { diffVariables } from '../../domain/config-set/diff-variables.js';
import type { PageQueryDto } from '../../http/input/page-query.dto.js';
import { ConfigVersionRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { ConfigSets, versionOf } from '../../store/repositories/config-sets.js';
import { changeViewOf, versionViewOf } from './config-set-view.js';
import type { ConfigChangeEntryDto, ConfigDiffDto, ConfigVersionDto, DiffConfigDto } from './config-version.dto.js';

/** The history of Config Sets: every change is a version, and none is ever written again. No secret is opened for it. */
@Injectable()
export class ConfigHistoryService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly configSets: ConfigSets,
  ) {}

  /** The changes of a Config Set, the newest first. */
  async list(id: string, query: PageQueryDto): Promise<Page<ConfigChangeEntryDto>> {
    const { row } = await this.configSets.get(id);
    const select = this.dataSource.getRepository(ConfigVersionRow).createQueryBuilder('config_version');
    const page = await readPage(select.where({ configSetId: row.id }), query);
    const before = await this.before(row.id, page.items);
    return page.map((version) => entryOf(versionViewOf(version, before.get(version.version - 1))));
  }

  /** One version with its variables. */
  async get(id: string, version: string): Promise<ConfigVersionDto> {
    const row = await this.version(id, version);
    const before = await this.before(row.configSetId, [row]);
    return versionViewOf(row, before.get(row.version - 1));
  }

  /** What one version has otherwise than another. */
  async diff(id: string, { from, to }: DiffConfigDto): Promise<ConfigDiffDto> {
    const { row } = await this.configSets.get(id);
    const manager = this.dataSource.manager;
    const [first, second] = await Promise.all([versionOf(manager, row.id, from), versionOf(manager, row.id, to)]);
    return { from, to, changes: diffVariables(first, second).map(changeViewOf) };
  }

  private async version(id: string, version: string): Promise<ConfigVersionRow> {
    const { row } = await this.configSets.get(id);
    return versionOf(this.dataSource.manager, row.id, /^[1-9][0-9]{0,8}$/.test(version) ? Number(version) : 0);
  }

  /** The versions before these, by number. */
  private async before(configSetId: string, rows: readonly ConfigVersionRow[]): Promise<Map<number, ConfigVersionRow>> {
    const numbers = rows.map(({ version }) => version - 1).filter((number) => number > 0);
    if (numbers.length === 0) return new Map();
    const found = await this.dataSource.manager.find(ConfigVersionRow, {
      where: numbers.map((version) => ({ configSetId, version })),
    });
    return new Map(found.map((row) => [row.version, row]));
  }
}

/** A list says which variables, not what they are. */
function entryOf({
  version,
  author,
  reason,
  created_at,
  added,
  removed,
  changed,
}: ConfigVersionDto): ConfigChangeEntryDto {
  return { version, author, reason, created_at, added, removed, changed };
}
