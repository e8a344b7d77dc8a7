import { createHash } from 'node:crypto';
import { type Caller, nameOfPerson } from '../../domain/access/caller.js';
import { grantsOfTeams, type MemberPolicy } from '../../domain/access/grants-of-teams.js';
import type { OrgMember, OrgMembers } from '../../ports/org-members.js';
import type { TokenReader } from './caller-finder.js';
import { ExpiringMap, type Ticks } from './expiring-map.js';

/** What a token of GitHub may look like: those of today have a prefix and 40 to 520 characters, older ones 40 alone. */
const SHAPE = /^[A-Za-z0-9_.-]{16,1024}$/;

/** How many answers are kept: of members, and apart from them of strangers, so that these never push those out. */
const KEPT = 10_000;

/** How long an answer of GitHub holds, and for whom it opens. */
export interface GithubTokenRules {
  readonly policy: MemberPolicy;
  /** In seconds; 0 asks each time. */
  readonly cacheSeconds: number;
}

/** A member who may come in. */
export interface Entrant {
  readonly member: OrgMember;
  readonly caller: Caller;
}

/** What {@link GithubTokens} needs of the world. */
export interface GithubTokenWorld {
  readonly members: OrgMembers;
  /** Hears of everybody who comes in, at each request. */
  readonly seen: (member: OrgMember) => Promise<void>;
  readonly now?: Ticks;
}

/**
 * Lets members of the organization in by any token of GitHub. GitHub's answers, good and bad, are kept for a short time
 * by the token's digest, so that a lost membership ends in it; a failure is no answer, is not kept, and lets nobody in.
 * The token itself is kept nowhere.
 */
export class GithubTokens implements TokenReader {
  private readonly entrants: ExpiringMap<Entrant>;
  private readonly strangers: ExpiringMap<true>;
  private readonly asking = new Map<string, Promise<Entrant | null>>();
  private readonly now: Ticks;

  constructor(
    private readonly rules: GithubTokenRules,
    private readonly world: GithubTokenWorld,
  ) {
    this.now = world.now ?? (() => performance.now());
    this.entrants = new ExpiringMap(KEPT, this.now);
    this.strangers = new ExpiringMap(KEPT, this.now);
  }

  reads(token: string): boolean {
    return SHAPE.test(token);
  }

  async callerOf(token: string): Promise<Caller | null> {
    const entrant = await this.entrantOf(token);
    return entrant?.caller ?? null;
  }

  /** The member who holds a token, if that may come in. Throws `unavailable` when GitHub gives no answer. */
  async entrantOf(token: string): Promise<Entrant | null> {
    const key = createHash('sha256').update(token).digest('base64');
    if (this.strangers.get(key) === true) return null;
    const entrant = this.entrants.get(key) ?? (await this.askOnce(key, token));
    if (entrant !== null) await this.world.seen(entrant.member);
    return entrant;
  }

  /** Requests with one token that come at once share one question. */
  private askOnce(key: string, token: string): Promise<Entrant | null> {
    const running = this.asking.get(key);
    if (running !== undefined) return running;
    const asked = this.ask(key, token).finally(() => this.asking.delete(key));
    this.asking.set(key, asked);
    return asked;
  }

  /** The time of an answer begins with the question: nothing is known of what came after. */
  private async ask(key: string, token: string): Promise<Entrant | null> {
    const until = this.now() + this.rules.cacheSeconds * 1000;
    const member = await this.world.members.memberByToken(token);
    const entrant = member === null ? null : this.entrantFor(member);
    if (entrant === null) this.strangers.keep(key, true, until);
    else this.entrants.keep(key, entrant, until);
    return entrant;
  }

  private entrantFor(member: OrgMember): Entrant | null {
    const grants = grantsOfTeams(this.rules.policy, member.teams);
    if (grants === null) return null;
    const { login } = member;
    return { member, caller: { kind: 'person', name: nameOfPerson(login), login, grants } };
  }
}
