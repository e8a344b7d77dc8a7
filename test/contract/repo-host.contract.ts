import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitStatus, DeploymentState, RepoHost } from '../../src/ports/repo-host.js';

/** A hook as a side has it. */
export interface HookSeen {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly events: readonly string[];
}

/** A deployment as a side has it. */
export interface DeploymentSeen {
  readonly id: string;
  readonly sha: string;
  readonly environment: string;
  readonly description: string;
  readonly states: readonly DeploymentState[];
}

/** What the suite needs of a side, fake or real. */
export interface RepoHostSetUp {
  readonly host: RepoHost;
  /** Adds a repository that nothing was said of. */
  repository(): string;
  /** One that is not there. */
  readonly nowhere: string;
  hooks(repo: string): readonly HookSeen[];
  /** The marks of a commit, the oldest first. */
  statuses(repo: string, sha: string): readonly CommitStatus[];
  deployments(repo: string): readonly DeploymentSeen[];
  /** The commit that a tag is at; null where there is no such tag. */
  tag(repo: string, name: string): string | null;
  /** It does not answer for as long as this runs. */
  whileAway(run: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const ONE = '1'.repeat(40);
const TWO = '2'.repeat(40);
const HOOK = { url: 'https://jockey.example.com/github_webhooks/1', secret: 's3cret', events: ['push', 'delete'] };
const STATUS: CommitStatus = { state: 'pending', context: 'jockey/build', description: 'It builds', targetUrl: null };
const DEPLOYMENT = { sha: ONE, environment: 'production', description: 'Deploy 7', key: 'deploy-7' };
const STATE: DeploymentState = { state: 'success', environmentUrl: null, logUrl: null, description: 'It runs' };

/** What every implementation of {@link RepoHost} holds. */
export function repoHostContract(name: string, begin: () => Promise<RepoHostSetUp>): void {
  describe(`RepoHost, ${name}`, () => {
    let side: RepoHostSetUp;

    beforeAll(async () => (side = await begin()));
    afterAll(() => side.close());

    it('installs a hook', async () => {
      const repo = side.repository();
      const { id } = await side.host.installHook(repo, HOOK);
      expect(side.hooks(repo)).toEqual([{ id, ...HOOK }]);
    });

    it('brings the hook of the same URL up to date, and leaves others alone', async () => {
      const repo = side.repository();
      const other = { ...HOOK, url: 'https://other.example.com/', secret: 'other' };
      const { id: otherId } = await side.host.installHook(repo, other);
      const { id } = await side.host.installHook(repo, HOOK);
      const changed = { ...HOOK, secret: 'n3w', events: ['push'] };
      expect(await side.host.installHook(repo, changed)).toEqual({ id });
      expect(side.hooks(repo)).toEqual([
        { id: otherId, ...other },
        { id, ...changed },
      ]);
    });

    it('installs one hook where two want it at once', async () => {
      const repo = side.repository();
      const [one, other] = await Promise.all([side.host.installHook(repo, HOOK), side.host.installHook(repo, HOOK)]);
      expect(one).toEqual(other);
      expect(side.hooks(repo)).toHaveLength(1);
    });

    it('takes a hook away, also when it is gone already', async () => {
      const repo = side.repository();
      const { id } = await side.host.installHook(repo, HOOK);
      await side.host.removeHook(repo, id);
      expect(side.hooks(repo)).toEqual([]);
      await side.host.removeHook(repo, id);
    });

    it('marks a commit, each time anew', async () => {
      const repo = side.repository();
      await side.host.setCommitStatus(repo, ONE, STATUS);
      const done: CommitStatus = { ...STATUS, state: 'success', targetUrl: 'https://jockey.example.com/builds/1' };
      await side.host.setCommitStatus(repo, ONE, done);
      expect(side.statuses(repo, ONE)).toEqual([STATUS, done]);
      expect(side.statuses(repo, TWO)).toEqual([]);
    });

    it('tells of a deployment once for each key', async () => {
      const repo = side.repository();
      const { id } = await side.host.createDeployment(repo, DEPLOYMENT);
      expect(await side.host.createDeployment(repo, DEPLOYMENT)).toEqual({ id });
      const again = await side.host.createDeployment(repo, { ...DEPLOYMENT, key: 'deploy-8' });
      expect(again.id).not.toBe(id);
      const facts = { sha: ONE, environment: 'production', description: 'Deploy 7', states: [] };
      expect(side.deployments(repo)).toEqual([
        { id, ...facts },
        { id: again.id, ...facts },
      ]);
    });

    it('says how a deployment stands', async () => {
      const repo = side.repository();
      const { id } = await side.host.createDeployment(repo, DEPLOYMENT);
      const begun: DeploymentState = { ...STATE, state: 'in_progress' };
      const urls = { environmentUrl: 'https://web.example.com', logUrl: 'https://jockey.example.com/deploys/7' };
      await side.host.setDeploymentStatus(repo, id, begun);
      await side.host.setDeploymentStatus(repo, id, { ...STATE, ...urls });
      await side.host.setDeploymentStatus(repo, id, { ...STATE, state: 'inactive' });
      expect(side.deployments(repo)[0]?.states).toEqual([
        begun,
        { ...STATE, ...urls },
        { ...STATE, state: 'inactive' },
      ]);
    });

    it('cuts descriptions that are too long', async () => {
      const repo = side.repository();
      const description = 'x'.repeat(300);
      await side.host.setCommitStatus(repo, ONE, { ...STATUS, description });
      const { id } = await side.host.createDeployment(repo, { ...DEPLOYMENT, description });
      await side.host.setDeploymentStatus(repo, id, { ...STATE, description });
      const cut = `${'x'.repeat(139)}…`;
      expect(side.statuses(repo, ONE)[0]?.description).toBe(cut);
      expect(side.deployments(repo)[0]?.description).toBe(cut);
      expect(side.deployments(repo)[0]?.states[0]?.description).toBe(cut);
    });

    it('creates a tag, moves it forwards and back, and leaves it where it is', async () => {
      const repo = side.repository();
      expect(side.tag(repo, 'production')).toBeNull();
      for (const sha of [ONE, TWO, ONE, ONE]) {
        await side.host.moveTag(repo, 'production', sha);
        expect(side.tag(repo, 'production')).toBe(sha);
      }
    });

    it('refuses what is not there, with a reason that names the repository', async () => {
      const repo = side.nowhere;
      const refused = { code: 'unprocessable_entity', message: expect.stringContaining(repo) as string };
      await expect(side.host.installHook(repo, HOOK)).rejects.toMatchObject(refused);
      await expect(side.host.removeHook(repo, '1')).rejects.toMatchObject(refused);
      await expect(side.host.setCommitStatus(repo, ONE, STATUS)).rejects.toMatchObject(refused);
      await expect(side.host.createDeployment(repo, DEPLOYMENT)).rejects.toMatchObject(refused);
      await expect(side.host.moveTag(repo, 'production', ONE)).rejects.toMatchObject(refused);
    });

    it('refuses to say how a deployment stands that is not there', async () => {
      const saying = side.host.setDeploymentStatus(side.repository(), '999', STATE);
      await expect(saying).rejects.toMatchObject({ code: 'unprocessable_entity' });
    });

    it.each(['', 'web', '../..', 'acme/..', 'acme/web/hooks', 'acme/we b'])(
      'refuses %j for a repository',
      async (repo) => {
        await expect(side.host.moveTag(repo, 'production', ONE)).rejects.toMatchObject({ code: 'record_invalid' });
      },
    );

    it('says so while it does not answer, and does all of it afterwards', async () => {
      const repo = side.repository();
      await side.whileAway(async () => {
        const away = { code: 'unavailable', message: expect.stringContaining('GitHub') as string };
        await expect(side.host.installHook(repo, HOOK)).rejects.toMatchObject(away);
        await expect(side.host.setCommitStatus(repo, ONE, STATUS)).rejects.toMatchObject(away);
        await expect(side.host.createDeployment(repo, DEPLOYMENT)).rejects.toMatchObject(away);
        await expect(side.host.moveTag(repo, 'production', ONE)).rejects.toMatchObject(away);
      });
      await side.host.moveTag(repo, 'production', ONE);
      expect(side.tag(repo, 'production')).toBe(ONE);
    });
  });
}
