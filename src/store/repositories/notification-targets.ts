import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { notFound } from '../../domain/kernel/errors.js';
import { NotificationTargetRow } from '../entities/index.js';
import { type Sealed, SecretBox } from '../secret-box.js';
import { idOrNotFound } from './directory.js';
import { targetOwner } from './target-owner.js';

/** A target as somebody wants it. */
export type WantedTarget = Pick<NotificationTargetRow, 'appId' | 'kind' | 'events' | 'enabled'> & OpenTarget;

/** Its address and its secret, to be read by nobody. */
export interface OpenTarget {
  readonly url: string;
  readonly secret: string | null;
}

/** A change of one; what is left out stays. */
export interface TargetChange {
  readonly id: string;
  readonly fields: Partial<Omit<WantedTarget, 'appId' | 'kind'>>;
  /** Throws when the row is not as it may be changed. */
  readonly require: (row: NotificationTargetRow) => void;
}

/** Who is told of events. */
@Injectable()
export class NotificationTargets {
  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
  ) {}

  /** One by id. */
  async get(id: string, manager: EntityManager = this.dataSource.manager): Promise<NotificationTargetRow> {
    const row = await manager.findOneBy(NotificationTargetRow, { id: idOrNotFound('notification target', id) });
    if (row === null) throw notFound('notification target', id);
    return row;
  }

  /** Null where there is none any more. */
  async find(id: string): Promise<NotificationTargetRow | null> {
    return this.dataSource.manager.findOneBy(NotificationTargetRow, { id });
  }

  /** Writes one. Its id is drawn first, as address and secret are sealed for it. Throws where there is no key. */
  async create({ url, secret, ...wanted }: WantedTarget, manager: EntityManager): Promise<NotificationTargetRow> {
    const place = this.box.seal('', 'notification target without an id');
    const { id } = await manager.save(
      manager.create(NotificationTargetRow, { ...wanted, url: place, urlHost: hostOf(url), secret: null }),
    );
    await manager.update(NotificationTargetRow, { id }, this.sealed(id, { url, secret }));
    return manager.findOneByOrFail(NotificationTargetRow, { id });
  }

  /** Changes one. */
  async change({ id, fields, require }: TargetChange): Promise<NotificationTargetRow> {
    return this.dataSource.transaction(async (manager) => {
      const where = { id: idOrNotFound('notification target', id) };
      const row = await manager.findOne(NotificationTargetRow, { where, lock: { mode: 'pessimistic_write' } });
      if (row === null) throw notFound('notification target', id);
      require(row);
      const { url, secret, ...plain } = fields;
      const sealed = this.sealed(id, { url, secret });
      await manager.update(
        NotificationTargetRow,
        { id },
        { ...plain, ...sealed, version: row.version + 1, updatedAt: new Date() },
      );
      return manager.findOneByOrFail(NotificationTargetRow, { id });
    });
  }

  /** Removes one; what waits for it is given up when its turn comes. */
  async remove(id: string): Promise<NotificationTargetRow> {
    const row = await this.get(id);
    await this.dataSource.manager.delete(NotificationTargetRow, { id });
    return row;
  }

  /** Address and secret. Throws where they cannot be opened. */
  open({ id, url, secret }: Pick<NotificationTargetRow, 'id' | 'url' | 'secret'>): OpenTarget {
    return {
      url: this.box.open(url, targetOwner(id, 'url')),
      secret: secret === null ? null : this.box.open(secret, targetOwner(id, 'secret')),
    };
  }

  /** What tells two of them apart and says nothing of them; null where the key is not there. */
  fingerprints(row: NotificationTargetRow): { readonly url: string | null; readonly secret: string | null } {
    try {
      const { url, secret } = this.open(row);
      const of = (text: string): string => this.box.fingerprint(`${targetOwner(row.id, 'url')}\0${text}`);
      return { url: of(url), secret: secret === null ? null : of(secret) };
    } catch {
      return { url: null, secret: null };
    }
  }

  private sealed(id: string, { url, secret }: Partial<OpenTarget>): Partial<Record<'url' | 'secret', Sealed>> & object {
    return {
      ...(url === undefined ? {} : { url: this.box.seal(url, targetOwner(id, 'url')), urlHost: hostOf(url) }),
      ...(secret === undefined
        ? {}
        : { secret: secret === null ? null : this.box.seal(secret, targetOwner(id, 'secret')) }),
    } as object;
  }
}

function hostOf(url: string): string {
  return new URL(url).host;
}
