import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { repositoryOf } from '../../domain/retention/image-reasons.js';
import type { Removal } from '../../domain/retention/removal.js';
import type { RetentionSnapshot } from '../../domain/retention/retention-snapshot.js';
import { whatMayGo } from '../../domain/retention/what-may-go.js';
import type { RetentionSurveyed } from '../../observation/retention-survey.js';
import { HOST_IMAGES, type HostImages } from '../../ports/host-images.js';
import { IMAGE_REGISTRY, type ImageRegistry } from '../../ports/image-registry.js';
import { CleanUps } from '../../store/repositories/clean-ups.js';
import { lockRepository, retentionFacts } from '../../store/repositories/retention-facts.js';

/**
 * Removes one thing at a time. Each is decided again under the lock of its app, with what Postgres knows by then: a deploy
 * or a rollback is written before, and is seen, or after, and sees that the image is gone.
 */
@Injectable()
export class Remover {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cleanUps: CleanUps,
    private readonly environment: Environment,
    @Inject(IMAGE_REGISTRY) private readonly registry: ImageRegistry,
    @Inject(HOST_IMAGES) private readonly images: HostImages,
  ) {}

  /** Answers the removal with its bytes; null where it was not to be removed any more, or was gone. */
  async remove(removal: Removal, surveyed: RetentionSurveyed): Promise<Removal | null> {
    switch (removal.kind) {
      case 'registry_image':
        return this.removeStored(removal, surveyed);
      case 'host_image':
        return this.removeHeld(removal, surveyed);
      case 'build_cache':
        return this.pruneCache(removal, surveyed);
    }
  }

  /**
   * It is noted before it is done, since a note that comes too late would let a release be rolled out whose image is gone;
   * a registry that refuses for sure has it still.
   */
  private async removeStored(removal: Removal, surveyed: RetentionSurveyed): Promise<Removal | null> {
    const found = await this.registry.find(removal.what);
    const mayGo = await this.dataSource.transaction(async (manager) => {
      const may = await this.mayStillGo(manager, removal, surveyed.snapshot);
      if (may) await CleanUps.markRemoved(manager, removal.what);
      return may;
    });
    if (!mayGo || found === null) return null;
    try {
      return (await this.registry.remove(removal.what))
        ? ({ ...removal, host: null, bytes: found.bytes } as Removal)
        : null;
    } catch (error) {
      if (error instanceof DomainError && error.code !== 'unavailable') await this.cleanUps.unmarkRemoved(removal.what);
      throw error;
    }
  }

  private async removeHeld(removal: Removal, surveyed: RetentionSurveyed): Promise<Removal | null> {
    const host = surveyed.hosts.get(removal.host ?? '')?.host;
    if (host === undefined) return null;
    const removed = await this.dataSource.transaction(async (manager) => {
      const may = await this.mayStillGo(manager, removal, surveyed.snapshot);
      return may && (await this.images.remove(host, removal.what));
    });
    return removed ? removal : null;
  }

  private async pruneCache(removal: Removal, { hosts, snapshot }: RetentionSurveyed): Promise<Removal | null> {
    const host = hosts.get(removal.host ?? '')?.host;
    if (host === undefined || snapshot.policy.cacheBytes === null) return null;
    const bytes = await this.images.pruneBuildCache(host, snapshot.policy.cacheBytes);
    return bytes === 0 ? null : { ...removal, bytes };
  }

  private async mayStillGo(manager: EntityManager, removal: Removal, snapshot: RetentionSnapshot): Promise<boolean> {
    const registry = this.environment.REGISTRY_ADDRESS;
    const repository = repositoryOf(removal.what);
    if (repository.startsWith(`${registry}/`)) await lockRepository(manager, { registry, repository });
    const facts = await retentionFacts(manager, { registry, repository });
    const stored = snapshot.stored.filter(({ image }) => image === removal.what);
    const hosts = snapshot.hosts.filter(({ host }) => host === removal.host);
    const plan = whatMayGo({ ...snapshot, ...facts, stored, hosts });
    return plan.remove.some((each) => each.what === removal.what && each.host === removal.host);
  }
}
