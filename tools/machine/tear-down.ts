import { rm } from 'node:fs/promises';
import { leaveConsul } from './consul-pools.js';
import { removeControlGroup } from './control-groups.js';
import { leaveDocker } from './docker-api.js';
import { deleteRule, removeDockerRules } from './firewall.js';
import type { Ledger, LedgerContent } from './ledger.js';
import { unmountBelow } from './mounts.js';
import { end, processesOf } from './processes.js';
import { attempt } from './run.js';

/** Takes away all that a ledger lists, and the ledger at last. May be repeated after it was cut short. */
export async function tearDown(ledger: Ledger): Promise<void> {
  const content = ledger.read();
  if (content === undefined) return;
  await endProcesses(ledger.path, content);
  await leaveGuests(content);
  await removeNetwork(content);
  for (const folder of content.directories) await removeFolder(folder);
  if (content.cgroup !== undefined) await removeControlGroup(content.cgroup);
  ledger.remove();
}

async function endProcesses(path: string, { processes, cgroup }: LedgerContent): Promise<void> {
  for (const grace of [true, false]) {
    const some = processes.filter((process) => process.grace > 0 === grace).reverse();
    await Promise.all(some.map((process) => end([process], process.grace)));
  }
  await endAll(path, cgroup);
}

/** Only after Jockey has ended, as it would put back what is taken away. */
async function leaveGuests({ guestDocker, guestConsul }: LedgerContent): Promise<void> {
  if (guestDocker !== undefined) await leaveDocker(guestDocker);
  if (guestConsul !== undefined) await leaveConsul(guestConsul);
}

/** Ends the processes with a mark until none is left: one that is ending may just have started another. */
export async function endAll(mark: string, cgroup: string | undefined): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    const left = await processesOf(mark, cgroup);
    if (left.length === 0) return;
    await end(left, 0);
  }
}

async function removeNetwork({ rules, links, namespaces, forwardPolicy }: LedgerContent): Promise<void> {
  for (const rule of rules) await deleteRule(rule);
  if (forwardPolicy !== undefined) await removeDockerRules(forwardPolicy);
  for (const link of links) await attempt('ip', ['link', 'delete', link]);
  for (const namespace of namespaces) await attempt('ip', ['netns', 'delete', namespace]);
}

async function removeFolder(folder: string): Promise<void> {
  await unmountBelow(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
