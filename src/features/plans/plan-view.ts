import type { Resources } from '../../domain/host/host.js';
import { freeResources } from '../../domain/host/resources.js';
import type { Occupation, WhatIfHostOutcome, WhatIfOutcome } from '../../domain/what-if/what-if.js';
import type { ResourcesDto } from '../hosts/host.dto.js';
import type { OccupationDto, PlanDto, PlanHostDto } from './plan.dto.js';

/** What would happen, as it stands on the wire. */
export function viewOf(outcome: WhatIfOutcome, notes: readonly string[]): PlanDto {
  const { steps, unplaced, hosts, truncated } = outcome;
  const cut = truncated ? ['It would go on: this is only its beginning.'] : [];
  return {
    would_change: steps.length > 0,
    answer: answerOf(outcome),
    steps: steps.map((step) => ({ ...step })),
    unplaced: unplaced.map(({ refusals, ...slot }) => ({ ...slot, reasons: refusals.map((each) => ({ ...each })) })),
    hosts: hosts.map(hostOf),
    pools: [],
    next_deploy: null,
    notes: [...notes, ...cut],
  };
}

const WORDS = { start: 'started', stop: 'stopped', move: 'exchanged', restart: 'made again' } as const;

function answerOf({ steps, unplaced }: WhatIfOutcome): string {
  const counts = (Object.keys(WORDS) as (keyof typeof WORDS)[]).flatMap((action) => {
    const many = steps.filter((step) => step.action === action).length;
    return many === 0 ? [] : [`${instances(many)} would be ${WORDS[action]}`];
  });
  const none = unplaced.length === 0 ? [] : [`${instances(unplaced.length)} would find no place`];
  const all = [...counts, ...none];
  return all.length === 0 ? 'Nothing would change.' : `${all.join(', ')}.`;
}

function instances(many: number): string {
  return many === 1 ? '1 instance' : `${many} instances`;
}

function hostOf({ host: given, before, peak, after }: WhatIfHostOutcome): PlanHostDto {
  const { host, isNew, cordoned, capacity } = given;
  return {
    ...{ host: host.name, is_new: isNew, healthy: host.healthy, cordoned },
    capacity: capacity === null ? null : resourcesOf(capacity),
    before: occupationOf(before, capacity),
    peak: occupationOf(peak, capacity),
    after: occupationOf(after, capacity),
  };
}

function occupationOf({ instances: many, reserved }: Occupation, capacity: Resources | null): OccupationDto {
  const left = capacity === null ? null : resourcesOf(freeResources(capacity, reserved));
  return { instances: many, reserved: resourcesOf(reserved), left };
}

const resourcesOf = ({ memoryMb, cpus }: Resources): ResourcesDto => ({
  memory_mb: memoryMb,
  cpus: Math.round(cpus * 10_000) / 10_000,
});
