import { attempt, run } from './run.js';
import type { Ledger } from './ledger.js';

/** What only Docker's rules have: its chains, its bridge, and the way of a container back to its own published port. */
const OF_DOCKER = /DOCKER|docker0|-s (\S+)\/32 -d \1\/32 .*-j MASQUERADE|-s 172\.17\.0\.0\/16 /;

/** The tables where Docker makes chains of its own. */
const TABLES = ['filter', 'nat'] as const;

/** Puts a rule first in its chain. */
export async function insertRule(ledger: Ledger, rule: readonly string[]): Promise<void> {
  ledger.add({ rules: [rule] });
  await run('iptables', ['--wait', '-I', ...rule]);
}

/** Takes a rule away; one that is gone already is no fault. */
export async function deleteRule(rule: readonly string[]): Promise<void> {
  await attempt('iptables', ['--wait', '-D', ...rule]);
}

/** The policy of the FORWARD chain, if there is no Docker in the firewall yet; `undefined` if there is. */
export async function forwardPolicyBeforeDocker(): Promise<string | undefined> {
  const rules = await run('iptables', ['--wait', '-S']);
  return /^-N DOCKER$/m.test(rules) ? undefined : /^-P FORWARD (\S+)$/m.exec(rules)?.[1];
}

/** Takes out of the firewall what a Docker engine, ended by now, has put into it. */
export async function removeDockerRules(forwardPolicy: string): Promise<void> {
  await run('iptables', ['--wait', '-P', 'FORWARD', forwardPolicy]);
  for (const table of TABLES) {
    const lines = (await run('iptables', ['--wait', '-t', table, '-S'])).split('\n');
    const rules = lines.filter((line) => line.startsWith('-A') && OF_DOCKER.test(line));
    for (const rule of rules) await attempt('iptables', ['--wait', '-t', table, '-D', ...rule.split(' ').slice(1)]);
    const chains = lines.filter((line) => line.startsWith('-N DOCKER')).map((line) => line.split(' ')[1] ?? '');
    for (const chain of chains) await attempt('iptables', ['--wait', '-t', table, '-X', chain]);
  }
}
