/** A member of the configured organization on GitHub. */
export interface OrgMember {
  readonly login: string;
  /** GitHub's number of the account, as text: it stays when the login changes. */
  readonly githubId: string;
  /** The name on the profile; null where none is given. */
  readonly name: string | null;
  /** Slugs of the teams of the organization that the person is in, sorted. */
  readonly teams: readonly string[];
}

/** Who is in the organization. Nobody is where no organization is configured. */
export interface OrgMembers {
  /**
   * Who holds a token, if a member of the configured organization. Null for a token that GitHub refuses, and for who
   * is no member. Throws `unavailable` when GitHub is down or limits the rate: that is never an answer.
   */
  memberByToken(token: string): Promise<OrgMember | null>;
  /** The same by login, asked with the server's own token; without one it throws `unprocessable_entity`. */
  memberByLogin(login: string): Promise<OrgMember | null>;
}

/** Injection token of {@link OrgMembers}. */
export const ORG_MEMBERS = Symbol('OrgMembers');
