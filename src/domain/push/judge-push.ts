import { branchOf, type Push, tagOf } from './push.js';

/** Tags that Jockey moves by itself: `jockey/production` names what runs there. */
export const OWN_TAGS = 'jockey/';

/** Words in a commit message that ask for nothing to be done. */
const SKIP = /\[(?:skip ci|ci skip|skip jockey)\]/i;

/** What an app says of itself. */
export interface PushedApp {
  readonly name: string;
  readonly repo: string;
  readonly subscribed: boolean;
}

/** What a push leads to: a build of its commit, or nothing, and why. */
export type Judgement =
  | { readonly build: true; readonly sha: string; readonly branch: string | null }
  | { readonly build: false; readonly why: string };

/** Judges a push for an app. A branch leads to a build and to the deploys of its push rules, a tag to a build alone. */
export function judgePush(push: Push, app: PushedApp): Judgement {
  const why = declinedByApp(push, app) ?? declinedByRef(push);
  if (why !== null) return { build: false, why };
  if (push.sha === null)
    return { build: false, why: `The push to ${push.ref} has no head commit, so there is nothing to build.` };
  const skip = SKIP.exec(push.message);
  if (skip !== null)
    return { build: false, why: `The message of commit ${push.sha.slice(0, 12)} says ${skip[0]}, so it is not built.` };
  return { build: true, sha: push.sha, branch: branchOf(push) };
}

/** GitHub finds a repository whatever the capitals of its name: https://docs.github.com/en/rest/repos. */
function declinedByApp({ repo }: Push, app: PushedApp): string | null {
  if (!app.subscribed)
    return `${app.name} does not listen to pushes: PUT /apps/${app.name} with subscribe_to_github_webhook: true makes it.`;
  if (repo.toLowerCase() !== app.repo.toLowerCase())
    return `The push is to ${repo.slice(0, 140)}, but ${app.name} is deployed from ${app.repo}; remove the hook from there.`;
  return null;
}

function declinedByRef(push: Push): string | null {
  const [branch, tag] = [branchOf(push), tagOf(push)];
  const name = branch === null ? `tag ${tag}` : `branch ${branch}`;
  if (branch === null && tag === null) return `${push.ref} is neither a branch nor a tag, so it is not built.`;
  if (push.deleted) return `The ${name} was deleted, so there is nothing to build; what runs goes on.`;
  if (tag?.startsWith(OWN_TAGS)) return `The tag ${tag} is moved by Jockey itself, and says what runs.`;
  return null;
}
