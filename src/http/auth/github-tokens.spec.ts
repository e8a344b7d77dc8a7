import { describe, expect, it } from 'vitest';
import { allows, EVERYWHERE } from '../../domain/access/grant.js';
import type { MemberPolicy } from '../../domain/access/grants-of-teams.js';
import { unavailable } from '../../domain/kernel/errors.js';
import type { OrgMember } from '../../ports/org-members.js';
import { GithubTokens } from './github-tokens.js';

const TOKEN = 'gho_abcdefghijklmnopqrstuvwxyz0123456789';

const POLICY: MemberPolicy = {
  requiredTeam: null,
  everyMember: 'viewer',
  teams: [{ team: 'ops', role: 'admin', environments: '*' }],
};

const ANN: OrgMember = { login: 'ann', githubId: '1', name: 'Ann', teams: ['ops'] };

/** GitHub as a test says it is, and how often it was asked. */
class Github {
  asked = 0;
  now = 0;
  readonly seen: string[] = [];
  answer: () => Promise<OrgMember | null> = async () => ANN;

  readonly memberByToken = (): Promise<OrgMember | null> => {
    this.asked += 1;
    return this.answer();
  };

  tokens(cacheSeconds = 60, policy = POLICY): GithubTokens {
    return new GithubTokens(
      { policy, cacheSeconds },
      {
        members: { memberByToken: this.memberByToken, memberByLogin: async () => null },
        seen: async ({ login }) => void this.seen.push(login),
        now: () => this.now,
      },
    );
  }
}

describe('GithubTokens', () => {
  it('reads what looks like a token of GitHub, old or new', () => {
    const tokens = new Github().tokens();
    for (const good of [TOKEN, '0123456789abcdef0123456789abcdef01234567', `github_pat_${'a'.repeat(82)}`])
      expect(tokens.reads(good)).toBe(true);
    for (const bad of ['', 'short', `${TOKEN}/../x`, `${TOKEN} `, 'ä'.repeat(20), 'a'.repeat(1025)])
      expect(tokens.reads(bad)).toBe(false);
  });

  it('makes a caller of a member, with what the teams give', async () => {
    const caller = await new Github().tokens().callerOf(TOKEN);
    expect(caller).toMatchObject({ kind: 'person', name: 'ann', login: 'ann' });
    expect(allows(caller?.grants ?? [], 'admin', EVERYWHERE)).toBe(true);
    expect(JSON.stringify(caller)).not.toContain(TOKEN);
  });

  it('never takes a person for the bootstrap token, whatever the login', async () => {
    const github = new Github();
    github.answer = async () => ({ ...ANN, login: 'Bootstrap' });
    expect(await github.tokens().callerOf(TOKEN)).toMatchObject({ name: 'github:Bootstrap', login: 'Bootstrap' });
  });

  it('asks once within the time, for members and for strangers', async () => {
    for (const answer of [ANN, null]) {
      const github = new Github();
      github.answer = async () => answer;
      const tokens = github.tokens();
      for (const second of [0, 30, 59]) {
        github.now = second * 1000;
        expect(await tokens.callerOf(TOKEN)).toEqual(answer === null ? null : expect.objectContaining({ name: 'ann' }));
      }
      expect(github.asked).toBe(1);
    }
  });

  it('shuts the door on who is no member any more once the time is over, and opens it for who has become one', async () => {
    const github = new Github();
    const tokens = github.tokens();
    expect(await tokens.callerOf(TOKEN)).not.toBeNull();
    github.answer = async () => null;
    github.now = 59_999;
    expect(await tokens.callerOf(TOKEN)).not.toBeNull();
    github.now = 60_000;
    expect(await tokens.callerOf(TOKEN)).toBeNull();
    github.answer = async () => ANN;
    github.now = 120_000;
    expect(await tokens.callerOf(TOKEN)).not.toBeNull();
    expect(github.asked).toBe(3);
  });

  it('counts the time from the question, however long the answer took', async () => {
    const github = new Github();
    const tokens = github.tokens();
    github.answer = async () => {
      github.now = 50_000;
      return ANN;
    };
    await tokens.callerOf(TOKEN);
    github.now = 60_000;
    await tokens.callerOf(TOKEN);
    expect(github.asked).toBe(2);
  });

  it('takes a new role of a team when the time is over', async () => {
    const github = new Github();
    const tokens = github.tokens();
    await tokens.callerOf(TOKEN);
    github.answer = async () => ({ ...ANN, teams: [] });
    github.now = 60_000;
    expect(allows((await tokens.callerOf(TOKEN))?.grants ?? [], 'deploy', EVERYWHERE)).toBe(false);
  });

  it('keeps no failure: it lets nobody in, and the next one asks again', async () => {
    const github = new Github();
    const tokens = github.tokens();
    github.answer = async () => Promise.reject(unavailable('GitHub', 'connect ECONNREFUSED'));
    await expect(tokens.callerOf(TOKEN)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(tokens.callerOf(TOKEN)).rejects.toThrow(/GitHub does not answer/);
    github.answer = async () => ANN;
    expect(await tokens.callerOf(TOKEN)).not.toBeNull();
    expect(github.asked).toBe(3);
  });

  it('lets nobody in by an answer whose time is over while GitHub is down', async () => {
    const github = new Github();
    const tokens = github.tokens();
    await tokens.callerOf(TOKEN);
    github.answer = async () => Promise.reject(unavailable('GitHub', 'it limits the rate'));
    github.now = 60_000;
    await expect(tokens.callerOf(TOKEN)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('shares one question among those who ask at once, a failure too', async () => {
    const github = new Github();
    const tokens = github.tokens();
    let settle: (member: OrgMember | null) => void = () => undefined;
    github.answer = () => new Promise((resolve) => (settle = resolve));
    const asked = [1, 2, 3].map(() => tokens.callerOf(TOKEN));
    settle(ANN);
    expect((await Promise.all(asked)).map((caller) => caller?.name)).toEqual(['ann', 'ann', 'ann']);
    github.now = 60_000;
    github.answer = async () => Promise.reject(unavailable('GitHub', 'away'));
    const failed = await Promise.allSettled([1, 2, 3].map(() => tokens.callerOf(TOKEN)));
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(github.asked).toBe(2);
  });

  it('tells tokens apart', async () => {
    const github = new Github();
    const tokens = github.tokens();
    await tokens.callerOf(TOKEN);
    await tokens.callerOf(`${TOKEN}x`);
    expect(github.asked).toBe(2);
  });

  it('asks each time where nothing is to be kept', async () => {
    const github = new Github();
    const tokens = github.tokens(0);
    await tokens.callerOf(TOKEN);
    await tokens.callerOf(TOKEN);
    expect(github.asked).toBe(2);
  });

  it('lets no member in who is not in the team that is required', async () => {
    const github = new Github();
    const tokens = github.tokens(60, { ...POLICY, requiredTeam: 'staff' });
    expect(await tokens.callerOf(TOKEN)).toBeNull();
    expect(github.seen).toEqual([]);
  });

  it('never lets strangers push members out of what is kept', async () => {
    const github = new Github();
    const tokens = github.tokens();
    await tokens.callerOf(TOKEN);
    github.answer = async () => null;
    for (let guess = 0; guess < 10_050; guess += 1) await tokens.callerOf(`gho_${String(guess).padStart(20, '0')}`);
    const before = github.asked;
    expect(await tokens.callerOf(TOKEN)).not.toBeNull();
    expect(github.asked).toBe(before);
  });
});
