import type { Need } from '../placement/placement.js';
import type { CapacitySnapshot, FewerHosts } from './capacity.js';
import { hostsText, instancesText, namesText, whoseText } from './capacity-words.js';
import { moreHosts } from './more-hosts.js';
import { PATIENT_TRIES } from './needed-hosts.js';
import { type CapacityFrame, frameOf } from './pool-frame.js';
import { mayGo, type SpareHosts, spareHosts } from './spare-hosts.js';

const RULES = { headRoom: true, spread: true, tries: PATIENT_TRIES };

/** How few hosts would be enough for what is there now, whatever the delays of the policy, and what keeps it from fewer. */
export function fewerHosts(snapshot: CapacitySnapshot): FewerHosts {
  const present = snapshot.hosts.filter(({ role }) => role !== 'leaving' && role !== 'lost').length;
  const frame = frameOf({ ...snapshot, desired: Math.min(present, snapshot.desired) });
  const { scene, rooms, total, least } = frame;
  const { before } = moreHosts(scene, rooms, 0);
  if (!before.isEnough)
    return unspared(frame, [before.lacking.length > 0 ? lacks(before.lacking, frame) : headRoom(frame)]);
  const spare = spareHosts(scene, rooms, { ...RULES, most: total - least });
  const leave = spare.rooms.map(({ name }) => name);
  const enough = total - leave.length;
  const sentence =
    leave.length === 0
      ? `None of ${hostsText(total)} can be spared.`
      : `${hostsText(enough)} would be enough instead of ${total}: ${namesText(leave)} could leave, ` +
        `${instancesText(spare.moves)} to move.`;
  return { now: total, enough, leave, moves: spare.moves, sentence, obstacles: obstaclesOf(frame, spare) };
}

function unspared({ total }: CapacityFrame, obstacles: readonly string[]): FewerHosts {
  return {
    now: total,
    enough: total,
    leave: [],
    moves: 0,
    sentence: `None of ${hostsText(total)} can be spared.`,
    obstacles,
  };
}

function lacks(needs: readonly Need[], { scene }: CapacityFrame): string {
  return `${instancesText(needs.length)} of ${whoseText(needs, scene)} ${needs.length === 1 ? 'has' : 'have'} no room as it is`;
}

function headRoom({ scene }: CapacityFrame): string {
  return `head-room of ${scene.snapshot.policy.headRoomPercent} % has to stay free`;
}

/** Each rule is left out in turn: one without which more could leave stands in the way. */
function obstaclesOf(frame: CapacityFrame, { rooms: spared }: SpareHosts): string[] {
  const { scene, rooms, total, least } = frame;
  if (total - spared.length <= least) return [limitText(frame)];
  const without = (rule: 'headRoom' | 'spread') =>
    spareHosts(scene, rooms, { ...RULES, [rule]: false, most: total - least }).rooms.length > spared.length;
  const stuck = [
    ...rooms
      .filter((room) => !mayGo(room))
      .map(({ of, name }) => `${name}: ${of?.staysBecause ?? 'it runs what may not move'}`),
    ...scene.cordoned.map(({ name }) => `${name}: it is cordoned`),
    ...(without('headRoom') ? [headRoom(frame)] : []),
    ...(without('spread') ? ['a worker on two hosts would be on one'] : []),
  ];
  return stuck.length === 0 ? ['what is on any other host finds no room on the rest'] : stuck;
}

function limitText({ least, scene }: CapacityFrame): string {
  const { min } = scene.snapshot.policy;
  if (least === 0) return 'there would be no host left';
  return least === min
    ? `at least ${hostsText(min)} have to stay`
    : 'what is wanted needs a host, and so does a pool that does not scale to zero';
}
