import type { GroupChange, GroupSeen } from '../../ports/host-groups.js';
import type { HostPoolRow } from '../../store/entities/index.js';
import { widened } from './pool-groups.js';

/** What would be done when a pool is made, a sentence each. */
export function creationActions(row: HostPoolRow, seen: GroupSeen | null): string[] {
  if (row.kind === 'static') return ['The pool would be noted; its hosts are those that Consul has of it.'];
  if (seen === null)
    return [
      `${groupOf(row)} would be made, with a launch template, the hook jockey-drain, and protection of its hosts ` +
        `from its own scale-in.`,
      `It would start ${hosts(row.desiredHosts)} at once.`,
    ];
  const change = widened(seen, row);
  return [
    `${groupOf(row)} with its ${seen.instances.length} machines would be adopted: it would get the hook jockey-drain, ` +
      'the tags of this Jockey, and protection of its hosts from its own scale-in.',
    ...(change === null ? [] : [sentenceOf(row, change)]),
  ];
}

/** What would be done when a pool is changed, a sentence each. */
export function changeActions(before: HostPoolRow, after: HostPoolRow): string[] {
  if (after.kind === 'static') return [];
  const { minHosts: min, maxHosts: max, desiredHosts: desired } = before;
  const change = widened({ min, max, desired }, after);
  const fewer = before.desiredHosts - after.desiredHosts;
  const relaunches = JSON.stringify(before.launch) !== JSON.stringify(after.launch);
  return [
    ...(change === null ? [] : [sentenceOf(after, change)]),
    ...(fewer > 0 ? [`${hosts(fewer)} would be emptied and let go, the cheapest to empty first.`] : []),
    ...(relaunches
      ? [`${groupOf(after)} would start new hosts from the new settings; those that are there stay.`]
      : []),
  ];
}

function sentenceOf(row: HostPoolRow, { min, max, desired }: GroupChange): string {
  const parts = [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
    ...(desired === undefined ? [] : [`${desired} at once`]),
  ];
  return `${groupOf(row)} would get ${parts.join(', ')}.`;
}

const groupOf = ({ groupName, region }: HostPoolRow): string => `The group ${groupName} in ${region}`;

const hosts = (count: number): string => (count === 1 ? '1 host' : `${count} hosts`);
