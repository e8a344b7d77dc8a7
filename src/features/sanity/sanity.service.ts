import { Injectable } from '@nestjs/common';
import { AppEnvironments, type AppEnvironmentKey } from '../../store/repositories/app-environments.js';
import { SanityReader, type SanityFacts } from '../../store/repositories/sanity-facts.js';
import { EnvironmentSanity } from './environment-sanity.service.js';
import type { EnvironmentSanityDto, SanityDto, WorkingEngineDto } from './sanity.dto.js';

/** An engine looks at everything every minute; one that was not seen for so long is not running, in milliseconds. */
const ENGINE_SILENT_AFTER = 300_000;

/** Says whether Jockey and what it looks after are sane. */
@Injectable()
export class SanityService {
  constructor(
    private readonly reader: SanityReader,
    private readonly appEnvironments: AppEnvironments,
    private readonly environments: EnvironmentSanity,
  ) {}

  /** Every environment side by side. */
  async check(): Promise<{ readonly sane: boolean; readonly view: SanityDto }> {
    const [facts, keys] = await Promise.all([this.reader.read(), this.appEnvironments.all()]);
    const views = await Promise.all(facts.environments.map((each) => this.viewOf(each, facts, keys)));
    const byName = Object.fromEntries(facts.environments.map(({ name }, index) => [name, views[index]]));
    const rest = {
      stuck_builds: [...facts.builds],
      working_engines: facts.leases.map(engineOf),
      engine_last_seen: facts.engineSeenAt?.toISOString() ?? null,
    };
    const sane = facts.builds.length === 0 && views.every(({ status }) => status === 'OK');
    return { sane, view: { ...byName, ...rest } as SanityDto };
  }

  private async viewOf(
    environment: SanityFacts['environments'][number],
    facts: SanityFacts,
    keys: readonly AppEnvironmentKey[],
  ): Promise<EnvironmentSanityDto> {
    const own = keys.filter(({ environmentId }) => environmentId === environment.id);
    const view = await this.environments.of({ environment, facts, keys: own });
    const silence = own.length === 0 ? null : engineSilence(facts);
    return silence === null ? view : { ...view, status: 'NOT OK', problems: [...view.problems, silence] };
  }
}

function engineSilence({ engineSeenAt, engineSilentMs }: SanityFacts): string | null {
  if (engineSeenAt === null) return 'no engine was ever seen; is one running?';
  if ((engineSilentMs ?? 0) < ENGINE_SILENT_AFTER) return null;
  return `no engine was seen since ${engineSeenAt.toISOString()}; is one running?`;
}

function engineOf({ key, holder, since, until }: SanityFacts['leases'][number]): WorkingEngineDto {
  return { holder, works_on: key, since: since.toISOString(), until: until.toISOString() };
}
