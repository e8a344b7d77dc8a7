import { type DeployFacts, type ExplainedPart, part, timeOf } from './explanation.js';

/** What a deploy waits for that found no place, until when, and what stands in the way; null where it does not wait. */
export function explainRoom({ room }: DeployFacts): ExplainedPart | null {
  if (room === null) return null;
  const wanted = room.wanted.map(({ worker, each, count }) => {
    const size = `${each.memoryMb} MB and ${each.cpus} ${each.cpus === 1 ? 'CPU' : 'CPUs'}`;
    return `${count} of ${worker} (${size}${count === 1 ? '' : ' each'})`;
  });
  const { pool } = room;
  const since = `It waits since ${timeOf(room.since)} for hosts with room for ${wanted.join(', ')}.`;
  if (pool === null) return part({ step: 'placement', state: 'blocked', sentence: since, since: room.since });
  const count = pool.desired === 1 ? '1 host' : `${pool.desired} hosts`;
  const scaling = `Host pool ${pool.id} is to have ${count}, at most ${pool.max}`;
  const why = pool.trouble ?? pool.reason;
  const until = room.since + pool.waitSeconds * 1000;
  const end = `At ${timeOf(until)} it ends as not_placed; GET /host_pools/${pool.id} shows the hosts that come.`;
  const sentence = `${since} ${scaling}${why === null ? '' : `: ${ended(why)}`}. ${end}`;
  return part({ step: 'placement', state: 'blocked', sentence, since: room.since, until });
}

/** A sentence as it stands within another. */
function ended(sentence: string): string {
  return sentence.replace(/\.+$/, '');
}
