import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { Instance } from '../../domain/instance/instance.js';
import type { Observed } from '../../observation/observer.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { Instances } from '../../store/repositories/instances.js';
import type { Look } from './pass.js';
import { nameOf } from './story.js';

/** Ends what should be stopped on hosts that Consul has forgotten, or whose machine is gone: nobody can stop it there, and its room is no more. */
@Injectable()
export class GoneHosts {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly environment: Environment,
    private readonly instances: Instances,
  ) {}

  /** Answers whether something was ended. Should such a host come back, what runs there is a stray, and goes. */
  async writeOff({ state, context, story }: Look, { standings }: Observed): Promise<boolean> {
    const grace = this.environment.HOST_GRACE_SECONDS * 1000;
    const isGone = ({ desired, host }: Instance): boolean => {
      const standing = standings.get(host);
      if (desired === 'stopped' && standing?.gone === true) return true;
      if (desired !== 'stopped' || standing === undefined || standing.known || standing.lostSince === null)
        return false;
      return this.clock.now() >= standing.lostSince + grace;
    };
    const gone = state.instances.filter(isGone);
    await this.instances.writeOff(context.lease, gone);
    for (const each of gone) await story.tell(`${nameOf(each)}: given up, its host is no more`, 'warn');
    return gone.length > 0;
  }
}
