import type { GithubDescription } from './github-description.js';
import type { Deployment, DeploymentStatus, Hook, Person, Repository, Status } from './github-world.js';
import type { Schema } from './json-schema.js';

/** GitHub's own examples with the facts of the stand-in in them. */
export class ApiAnswers {
  constructor(
    private readonly description: GithubDescription,
    private readonly url: string,
  ) {}

  user(person: Person): Schema {
    const { id, login, name } = person;
    const type = { user_view_type: 'public' };
    return { ...this.description.example('public-user-default-response'), ...type, id, login, name };
  }

  membership(person: Person, org: string): Schema {
    const example = this.description.example('org-membership');
    const organization = { ...(example['organization'] as Schema), login: org };
    const user = { ...(example['user'] as Schema), id: person.id, login: person.login };
    return { ...example, organization, user, role: 'member', state: person.organizations.get(org) };
  }

  /** GitHub's example lacks what its own description asks for since then: `type` and dates of the organization. */
  fullTeam(slug: string, org: string): Schema {
    const example = this.description.example('team-full-items') as unknown as readonly Schema[];
    const dates = { archived_at: null, updated_at: '2019-06-03T00:57:16Z' };
    const organization = { ...(example[0]?.['organization'] as Schema), login: org, ...dates };
    return { ...example[0], type: 'organization', id: numberOf(slug), slug, name: slug, organization };
  }

  team(slug: string): Schema {
    const example = this.description.example('team-items') as unknown as readonly Schema[];
    return { ...example[0], type: 'organization', id: numberOf(slug), slug, name: slug };
  }

  teamMembership(): Schema {
    return { ...this.description.example('team-membership-response-if-user-is-a-team-maintainer'), role: 'member' };
  }

  /** The secret is never shown again. */
  hook(hook: Hook): Schema {
    const { secret, ...config } = hook.config;
    const shown = { ...config, insecure_ssl: '0', ...(secret === undefined ? {} : { secret: '********' }) };
    return {
      ...this.description.example('hook'),
      id: hook.id,
      active: hook.active,
      events: hook.events,
      config: shown,
    };
  }

  status({ sha, ...status }: Status, { fullName }: Repository): Schema {
    return { ...this.description.example('status'), ...status, url: `${this.url}/repos/${fullName}/statuses/${sha}` };
  }

  deployment({ statuses: _statuses, ...deployment }: Deployment): Schema {
    const { environment, sha } = deployment;
    return { ...this.description.example('deployment'), ...deployment, ref: sha, original_environment: environment };
  }

  deploymentStatus(status: DeploymentStatus, { environment }: Deployment): Schema {
    const { environment_url: _url, log_url: _log, ...example } = this.description.example('deployment-status');
    return { ...example, ...status, environment };
  }

  ref(ref: string, sha: string): Schema {
    const example = this.description.example('git-ref');
    return { ...example, ref, object: { ...(example['object'] as Schema), type: 'commit', sha } };
  }
}

/** The same number for the same name. */
const numberOf = (text: string): number => [...text].reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) % 1e9, 7);
