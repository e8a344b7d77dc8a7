import type { Refusal, Unplaced } from './placement.js';

/**
 * All needs without a host in one text, complete: every worker, every slot, every host and every reason. Slots of a
 * worker with the same reasons are told together: `worker web slots 1 to 3 cannot be placed: 0 of 2 hosts fit: …`.
 */
export function explainUnplaced(unplaced: readonly Unplaced[]): string {
  const told = new Map<string, { worker: string; refusals: readonly Refusal[]; slots: number[] }>();
  for (const { need, refusals } of unplaced) {
    const key = JSON.stringify([need.group, need.worker, refusals]);
    const same = told.get(key) ?? { worker: need.worker, refusals, slots: [] };
    same.slots.push(need.slot);
    told.set(key, same);
  }
  return [...told.values()]
    .map(
      ({ worker, slots, refusals }) => `worker ${worker} ${slotsText(slots)} cannot be placed: ${hostsText(refusals)}`,
    )
    .join('. ');
}

function hostsText(refusals: readonly Refusal[]): string {
  if (refusals.length === 0) return 'there is no host for it';
  return `0 of ${refusals.length} hosts fit: ${refusals.map(({ host, reason }) => `${host}: ${reason}`).join('; ')}`;
}

/** `slot 3`, `slots 1 to 3`, `slots 1 to 3, 5`. */
function slotsText(slots: readonly number[]): string {
  const sorted = [...new Set(slots)].sort((one, other) => one - other);
  return `${sorted.length === 1 ? 'slot' : 'slots'} ${rangesOf(sorted).map(rangeText).join(', ')}`;
}

interface Range {
  readonly from: number;
  to: number;
}

function rangesOf(sorted: readonly number[]): Range[] {
  const ranges: Range[] = [];
  for (const slot of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && slot === last.to + 1) last.to = slot;
    else ranges.push({ from: slot, to: slot });
  }
  return ranges;
}

function rangeText({ from, to }: Range): string {
  if (from === to) return String(from);
  return to === from + 1 ? `${from}, ${to}` : `${from} to ${to}`;
}
