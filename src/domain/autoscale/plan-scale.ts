import { demandOf, type ScaleDemand } from './scale-demand.js';
import type { ScalePlan, ScaleSnapshot } from './scale-snapshot.js';

/** What a snapshot comes to before it is known whether it may be done now. */
interface Aim {
  readonly snapshot: ScaleSnapshot;
  readonly demand: ScaleDemand | null;
  /** The least that the bounds and the schedule allow. */
  readonly floor: number;
  readonly wanted: number;
  /** Why so many are wanted, for the sentence. */
  readonly because: string;
}

/**
 * The scale that a worker should have. Bounds and schedules are orders and hold at once; a metric is followed up at once
 * and down after a while, at most by half at a time, never within the cool-down and never for want of a value. While a
 * deploy is in progress nothing goes down: what it exchanges is measured twice.
 */
export function planScale(snapshot: ScaleSnapshot): ScalePlan {
  const aim = aimOf(snapshot);
  const { value = null, trouble = null } = aim.demand ?? {};
  return { ...decided(aim), value, trouble };
}

function aimOf(snapshot: ScaleSnapshot): Aim {
  const { minScale, maxScale, scheduled, current } = snapshot;
  const within = (low: number, scale: number): number => Math.min(Math.max(scale, low), maxScale);
  const floor = within(minScale, scheduled?.scale ?? minScale);
  const demand = demandOf(snapshot);
  const unbounded = demand === null ? (scheduled === null ? current : floor) : (demand.wanted ?? current);
  const wanted = within(floor, unbounded);
  return { snapshot, demand, floor, wanted, because: becauseOf(snapshot, demand, { unbounded, wanted }) };
}

type Decision = Pick<ScalePlan, 'scale' | 'reason' | 'lowerSince'>;

function decided(aim: Aim): Decision {
  const { wanted, snapshot } = aim;
  if (wanted === snapshot.current) return stays(aim, null);
  return wanted > snapshot.current ? raised(aim) : lowered(aim);
}

function raised(aim: Aim): Decision {
  const rest = restOf(aim.snapshot);
  if (aim.snapshot.current >= aim.floor && rest > 0) return waits(aim, restWords(rest), null);
  return moves(aim, aim.wanted, null);
}

function lowered(aim: Aim): Decision {
  const { snapshot, demand, wanted } = aim;
  const { now, current, maxScale, deploy } = snapshot;
  const since = snapshot.lowerSince ?? now;
  if (deploy !== null) return waits(aim, `deploy ${deploy} is in progress, and nothing goes down meanwhile`, since);
  if (demand === null) return moves(aim, wanted, null);
  if (current > maxScale) return moves(aim, maxScale, wanted < maxScale ? since : null);
  const left = snapshot.scaleInAfterSeconds - (now - since) / 1000;
  if (left > 0) return waits(aim, `so few have to be enough for ${Math.ceil(left)} s more`, since);
  const rest = restOf(snapshot);
  if (rest > 0) return waits(aim, restWords(rest), since);
  const next = Math.max(wanted, Math.floor(current / 2));
  return moves(aim, next, next === wanted ? null : since);
}

/** Seconds of the cool-down that are left. */
function restOf({ now, scaledAt, coolDownSeconds }: ScaleSnapshot): number {
  return scaledAt === null ? 0 : coolDownSeconds - (now - scaledAt) / 1000;
}

const restWords = (seconds: number): string => `it changed just now and rests for ${Math.ceil(seconds)} s more`;

function stays({ snapshot, because }: Aim, lowerSince: number | null): Decision {
  return { scale: snapshot.current, reason: `Stays at ${snapshot.current}: ${because}.`, lowerSince };
}

function waits({ snapshot, wanted, because }: Aim, until: string, lowerSince: number | null): Decision {
  const { current } = snapshot;
  return { scale: current, reason: `Stays at ${current}, not yet ${wanted}: ${because}; ${until}.`, lowerSince };
}

function moves({ snapshot, because }: Aim, scale: number, lowerSince: number | null): Decision {
  return { scale, reason: `From ${snapshot.current} to ${scale}: ${because}.`, lowerSince };
}

function becauseOf(
  { minScale, maxScale, scheduled, current }: ScaleSnapshot,
  demand: ScaleDemand | null,
  { unbounded, wanted }: { readonly unbounded: number; readonly wanted: number },
): string {
  const source = demand?.words ?? (scheduled === null ? `${current} was set` : scheduleWords(scheduled));
  if (wanted === unbounded) return source;
  const bound = wanted === maxScale && unbounded > maxScale ? `max_scale is ${maxScale}` : null;
  if (bound !== null) return `${source}, which asks for ${unbounded}, but ${bound}`;
  const floorOfSchedule = scheduled !== null && Math.min(scheduled.scale, maxScale) > minScale;
  return `${source}; ${floorOfSchedule ? scheduleWords(scheduled) : `min_scale is ${minScale}`}`;
}

const scheduleWords = ({ words, scale }: { readonly words: string; readonly scale: number }): string =>
  `the schedule ${words} asks for ${scale}`;
