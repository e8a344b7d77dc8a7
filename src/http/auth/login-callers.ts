import { type Caller, nameOfPerson } from '../../domain/access/caller.js';
import { grantsOfTeams, type MemberPolicy } from '../../domain/access/grants-of-teams.js';
import type { OrgMembers } from '../../ports/org-members.js';
import { ExpiringMap, type Ticks } from './expiring-map.js';

/** How many people are remembered. */
const KEPT = 1_000;

/** For whom GitHub's answers open, and for how long they hold. */
export interface LoginRules {
  readonly policy: MemberPolicy;
  /** In seconds; 0 asks each time. */
  readonly cacheSeconds: number;
}

/** Who people are that prove themselves to another program, a chat, which says their login. */
export class LoginCallers {
  private readonly known: ExpiringMap<Caller | null>;

  constructor(
    private readonly rules: LoginRules,
    private readonly members: OrgMembers,
    private readonly now: Ticks = () => performance.now(),
  ) {
    this.known = new ExpiringMap(KEPT, now);
  }

  /** What the person may do now; null for who is no member any more. Throws `unavailable` where GitHub does not say. */
  async callerOf(login: string): Promise<Caller | null> {
    const key = login.toLowerCase();
    const kept = this.known.get(key);
    if (kept !== undefined) return kept;
    const caller = await this.ask(login);
    this.known.keep(key, caller, this.now() + this.rules.cacheSeconds * 1000);
    return caller;
  }

  private async ask(login: string): Promise<Caller | null> {
    const member = await this.members.memberByLogin(login);
    const grants = member === null ? null : grantsOfTeams(this.rules.policy, member.teams);
    return member === null || grants === null
      ? null
      : { kind: 'chat', name: nameOfPerson(member.login), login: member.login, grants };
  }
}
