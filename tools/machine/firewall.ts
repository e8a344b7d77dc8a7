import { attempt, run } from './run.js';
import type { Ledger } from './ledger.js';

/** Chains of Docker's own, in the tables where it makes them. */
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
    const rules = lines.filter((line) => line.startsWith('-A') && /DOCKER|docker0|172\.17\.0\.0/.test(line));
    for (const rule of rules) await attempt('iptables', ['--wait', '-t', table, '-D', ...rule.split(' ').slice(1)]);
    const chains = lines.filter((line) => line.startsWith('-N DOCKER')).map((line) => line.split(' ')[1] ?? '');
    for (const chain of chains) await attempt('iptables', ['--wait', '-t', table, '-X', chain]);
  }
  await attempt('ip', ['link', 'delete', 'docker0']);
}
