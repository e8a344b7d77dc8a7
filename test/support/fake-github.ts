import { createHash, randomUUID } from 'node:crypto';
import { DomainError, invalid } from '../../src/domain/kernel/errors.js';
import { REPO } from '../../src/domain/kernel/names.js';
import type { OrgMember, OrgMembers } from '../../src/ports/org-members.js';
import type { CommitStatus, DeploymentSpec, DeploymentState, HookSpec, RepoHost } from '../../src/ports/repo-host.js';

/** A member, of no team unless said otherwise. */
export function aMember(login: string, change: Partial<OrgMember> = {}): OrgMember {
  const githubId = String(createHash('sha256').update(login).digest().readUInt32BE());
  return { login, githubId, name: null, teams: [], ...change };
}

/** The organization's people, by token and by login. */
export class FakeOrgMembers implements OrgMembers {
  /** Members by the tokens they hold. */
  readonly byToken = new Map<string, OrgMember>();
  /** Members by login, in small letters. */
  readonly byLogin = new Map<string, OrgMember>();
  /** Every token that was asked about, the oldest first: shows what is answered from a cache. */
  readonly askedTokens: string[] = [];
  /** Every login that was asked about. */
  readonly askedLogins: string[] = [];
  /** What every question is answered with while set. */
  failing: Error | null = null;

  /** Adds a member, or changes one; answers a token of theirs. */
  add(member: OrgMember, token = `gho_${randomUUID()}`): string {
    this.byToken.set(token, member);
    this.byLogin.set(member.login.toLowerCase(), member);
    for (const [held, holder] of this.byToken) if (holder.login === member.login) this.byToken.set(held, member);
    return token;
  }

  /** The person leaves the organization: no token of theirs counts any more. */
  remove(login: string): void {
    this.byLogin.delete(login.toLowerCase());
    for (const [token, holder] of this.byToken) if (holder.login === login) this.byToken.delete(token);
  }

  async memberByToken(token: string): Promise<OrgMember | null> {
    this.askedTokens.push(token);
    if (this.failing !== null) throw this.failing;
    return this.byToken.get(token) ?? null;
  }

  async memberByLogin(login: string): Promise<OrgMember | null> {
    this.askedLogins.push(login);
    if (this.failing !== null) throw this.failing;
    return this.byLogin.get(login.toLowerCase()) ?? null;
  }
}

/** A hook as the fake keeps it. */
export interface FakeHook extends HookSpec {
  readonly id: string;
  readonly repo: string;
}

/** A deployment as the fake keeps it, with every state it was given, the oldest first. */
export interface FakeDeployment extends DeploymentSpec {
  readonly id: string;
  readonly repo: string;
  readonly states: DeploymentState[];
}

/** A mark as the fake keeps it. */
export interface FakeStatus extends CommitStatus {
  readonly repo: string;
  readonly sha: string;
}

/** Keeps what it was told. Saying a thing twice leaves what saying it once does. */
export class FakeRepoHost implements RepoHost {
  readonly hooks: FakeHook[] = [];
  readonly deployments: FakeDeployment[] = [];
  /** Every mark that was set, the oldest first. */
  readonly statuses: FakeStatus[] = [];
  /** Commits by `owner/name tag`. */
  readonly tags = new Map<string, string>();
  /** Repositories that are not there; every other is. */
  readonly missing = new Set<string>();
  /** Names of the methods called, the oldest first, failed calls too. */
  readonly calls: string[] = [];
  /** What every call is answered with while set. */
  failing: Error | null = null;
  private lastId = 0;

  async installHook(repo: string, hook: HookSpec): Promise<{ id: string }> {
    this.begin('installHook', repo);
    const at = this.hooks.findIndex((each) => each.repo === repo && each.url === hook.url);
    const id = this.hooks[at]?.id ?? this.nextId();
    this.hooks.splice(at === -1 ? this.hooks.length : at, 1, { ...hook, id, repo });
    return { id };
  }

  async removeHook(repo: string, id: string): Promise<void> {
    this.begin('removeHook', repo);
    const at = this.hooks.findIndex((each) => each.repo === repo && each.id === id);
    if (at !== -1) this.hooks.splice(at, 1);
  }

  async setCommitStatus(repo: string, sha: string, status: CommitStatus): Promise<void> {
    this.begin('setCommitStatus', repo);
    this.statuses.push({ ...status, description: shortened(status.description), repo, sha });
  }

  async createDeployment(repo: string, deployment: DeploymentSpec): Promise<{ id: string }> {
    this.begin('createDeployment', repo);
    const known = this.deployments.find((each) => each.repo === repo && each.key === deployment.key);
    if (known !== undefined) return { id: known.id };
    const id = this.nextId();
    this.deployments.push({ ...deployment, description: shortened(deployment.description), id, repo, states: [] });
    return { id };
  }

  async setDeploymentStatus(repo: string, deploymentId: string, state: DeploymentState): Promise<void> {
    this.begin('setDeploymentStatus', repo);
    const deployment = this.deployments.find((each) => each.repo === repo && each.id === deploymentId);
    if (deployment === undefined)
      throw refused(`GitHub refuses for ${repo} (404): there is no deployment ${deploymentId}.`);
    deployment.states.push({ ...state, description: shortened(state.description) });
  }

  async moveTag(repo: string, tag: string, sha: string): Promise<void> {
    this.begin('moveTag', repo);
    this.tags.set(`${repo} ${tag}`, sha);
  }

  private begin(call: string, repo: string): void {
    this.calls.push(call);
    if (!REPO.test(repo)) throw invalid('repo', `"${repo}" should be owner/name.`);
    if (this.failing !== null) throw this.failing;
    if (this.missing.has(repo)) throw refused(`GitHub refuses for ${repo} (404): Not Found.`);
  }

  private nextId(): string {
    this.lastId += 1;
    return String(this.lastId);
  }
}

const refused = (sentence: string): DomainError => new DomainError('unprocessable_entity', sentence);

/** To the 140 characters that GitHub takes. */
const shortened = (text: string): string => (text.length <= 140 ? text : `${text.slice(0, 139)}…`);
