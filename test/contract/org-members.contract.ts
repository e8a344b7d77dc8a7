import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrgMembers } from '../../src/ports/org-members.js';

/** What the suite needs of a side, fake or real. Its organization begins with no members. */
export interface OrgMembersSetUp {
  readonly members: OrgMembers;
  /** Adds a member, or changes the teams of one; answers a token of theirs. */
  join(login: string, facts: { name?: string; teams?: readonly string[] }): string;
  /** The person leaves; their token stays valid. */
  leave(login: string): void;
  /** A valid token of who is no member. */
  stranger(): string;
  /** Nobody can be asked for as long as this runs. */
  whileAway(run: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** What every implementation of {@link OrgMembers} holds. */
export function orgMembersContract(name: string, begin: () => Promise<OrgMembersSetUp>): void {
  describe(`OrgMembers, ${name}`, () => {
    let side: OrgMembersSetUp;

    beforeAll(async () => (side = await begin()));
    afterAll(() => side.close());

    it('knows a member by a token and by login, as the same person', async () => {
      const token = side.join('ada', { name: 'Ada L.', teams: ['ops', 'web'] });
      const member = await side.members.memberByToken(token);
      expect(member).toMatchObject({ login: 'ada', name: 'Ada L.', teams: ['ops', 'web'] });
      expect(member?.githubId).toMatch(/^[0-9]+$/);
      expect(await side.members.memberByLogin('ada')).toEqual(member);
    });

    it('passes over capitals in a login', async () => {
      side.join('Grace', {});
      expect(await side.members.memberByLogin('gRACE')).toMatchObject({ login: 'Grace' });
    });

    it('knows members without a name and without a team', async () => {
      const token = side.join('quiet', {});
      expect(await side.members.memberByToken(token)).toMatchObject({ login: 'quiet', name: null, teams: [] });
    });

    it('sees another team as soon as it is asked again', async () => {
      const token = side.join('mover', { teams: ['web'] });
      expect((await side.members.memberByToken(token))?.teams).toEqual(['web']);
      side.join('mover', { teams: ['ops'] });
      expect((await side.members.memberByToken(token))?.teams).toEqual(['ops']);
      expect((await side.members.memberByLogin('mover'))?.teams).toEqual(['ops']);
    });

    it('does not know who left', async () => {
      const token = side.join('leaver', { teams: ['web'] });
      expect(await side.members.memberByToken(token)).not.toBeNull();
      side.leave('leaver');
      expect(await side.members.memberByToken(token)).toBeNull();
      expect(await side.members.memberByLogin('leaver')).toBeNull();
    });

    it('does not know strangers', async () => {
      expect(await side.members.memberByToken(side.stranger())).toBeNull();
      expect(await side.members.memberByLogin('nobody-of-this-name')).toBeNull();
    });

    it.each(['gho_made-up', '', ' ', 'a b', 'ä', 'x\r\nx-evil: 1'])('takes the token %j for nobody', async (token) =>
      expect(await side.members.memberByToken(token)).toBeNull(),
    );

    it.each(['', '..', '../../user', 'a/b', 'a b', '-x'])('takes the login %j for nobody', async (login) =>
      expect(await side.members.memberByLogin(login)).toBeNull(),
    );

    it('takes a token and a login of 5,000 letters for nobody', async () => {
      expect(await side.members.memberByToken('x'.repeat(5_000))).toBeNull();
      expect(await side.members.memberByLogin('x'.repeat(5_000))).toBeNull();
    });

    it('says that it cannot know while nobody can be asked, and knows again afterwards', async () => {
      const token = side.join('patient', {});
      await side.whileAway(async () => {
        const unknown = { code: 'unavailable', message: expect.stringContaining('GitHub') as string };
        await expect(side.members.memberByToken(token)).rejects.toMatchObject(unknown);
        await expect(side.members.memberByLogin('patient')).rejects.toMatchObject(unknown);
      });
      expect(await side.members.memberByToken(token)).toMatchObject({ login: 'patient' });
    });
  });
}
