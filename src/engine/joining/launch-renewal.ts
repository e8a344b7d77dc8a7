import { Inject, Injectable } from '@nestjs/common';
import { isOfAnother } from '../../domain/host-pool/group-marks.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { HostUserData } from '../../observation/host-user-data.js';
import { HOST_GROUPS, type HostGroups } from '../../ports/host-groups.js';
import type { HostPoolRow } from '../../store/entities/index.js';
import { Leases } from '../../store/leases.js';
import { HostJoins } from '../../store/repositories/host-joins.js';
import { HostPoolRecords } from '../../store/repositories/host-pools.js';
import { EngineIdentity } from '../engine-identity.js';

/** A token is renewed when less than this share of its time is left. */
const SHARE = 0.5;

/** How long one engine may take for all of them, in milliseconds. */
const LEASE = 120_000;

/**
 * Gives the groups that Jockey starts a new user data before the token in it is too old: a machine that is launched
 * months after its group was made has to join, too. Those that run keep theirs, which they need no more.
 */
@Injectable()
export class LaunchRenewal {
  constructor(
    private readonly joins: HostJoins,
    private readonly pools: HostPoolRecords,
    private readonly userData: HostUserData,
    @Inject(HOST_GROUPS) private readonly groups: HostGroups,
    private readonly leases: Leases,
    private readonly engine: EngineIdentity,
  ) {}

  /** Renews what is due, one engine at a time. What fails is logged and due still. */
  async renew(): Promise<void> {
    const due = await this.joins.agedLaunches(SHARE);
    if (due.length === 0) return;
    const request = {
      key: 'host_user_data',
      holder: this.engine.name,
      reason: 'renews user data',
      milliseconds: LEASE,
    };
    const lease = await this.leases.take(request);
    if (lease === null) return;
    try {
      for (const id of await this.joins.agedLaunches(SHARE)) await this.renewed(id);
    } finally {
      await this.leases.release(lease);
    }
  }

  private async renewed(id: string): Promise<void> {
    try {
      const pool = await this.pools.find(id);
      if (pool !== null) await this.renewOne(pool);
    } catch (error) {
      this.engine.log.warn({ pool: id, error: sentenceOf(error) }, 'the user data of a pool could not be renewed');
    }
  }

  /** The token counts once the group has it: an engine that is killed in between leaves the pool due. */
  private async renewOne(pool: HostPoolRow): Promise<void> {
    const { region, groupName: name, launch } = pool;
    if (region === null || name === null || launch === null) return;
    const seen = await this.groups.read({ region, name });
    if (seen === null || isOfAnother(seen.tags, (await this.pools.settings()).installationId)) return;
    const { stackId, environmentId } = pool;
    const place = { stackId, environmentId, inGroup: true, launches: false, createdBy: 'jockey' };
    const { text, token } = await this.userData.issue(place);
    await this.groups.relaunch({ region, name }, launch, text);
    await this.joins.launchesWith(token);
    this.engine.log.info({ pool: pool.id, group: name }, 'hosts of the group are started with a new user data');
  }
}
