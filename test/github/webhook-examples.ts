import { createRequire } from 'node:module';
import addFormats from 'ajv-formats';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Schema } from './json-schema.js';

interface Example {
  readonly name: string;
  readonly examples: readonly Schema[];
}

const load = createRequire(import.meta.url);

/** What a push is made of. */
export interface PushFacts {
  /** `owner/name` */
  readonly repo: string;
  /** `refs/heads/main` */
  readonly ref: string;
  /** Commit before; 40 zeros for a branch that is new. */
  readonly before?: string;
  /** Commit after; 40 zeros for a branch that was deleted. */
  readonly after: string;
  /** Of its last commit. */
  readonly message?: string;
  /** Login of who pushed. */
  readonly pusher?: string;
}

const NO_COMMIT = '0'.repeat(40);

/** The example payloads of webhooks that octokit publishes, each held to the schema that it publishes beside them. */
export class WebhookExamples {
  private static loaded: WebhookExamples | null = null;
  private readonly ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false });
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly definitions: Readonly<Record<string, Schema>>;
  private readonly examples: readonly Example[];

  private constructor() {
    addFormats.default(this.ajv);
    const schema = load('@octokit/webhooks-schemas') as { definitions: Record<string, Schema> };
    this.definitions = schema.definitions;
    this.ajv.addSchema({ $id: 'webhooks', definitions: schema.definitions });
    this.examples = load('@octokit/webhooks-examples') as Example[];
  }

  /** Read once. */
  static load(): WebhookExamples {
    WebhookExamples.loaded ??= new WebhookExamples();
    return WebhookExamples.loaded;
  }

  /** Names of every event with an example. */
  get events(): string[] {
    return this.examples.map(({ name }) => name);
  }

  /** Whether the published schemas know the event. */
  describes(event: string): boolean {
    return this.definitionOf(event) !== null;
  }

  /** The published payloads of an event, as copies; without those, mostly one, that are older than the schema. */
  of(event: string): Schema[] {
    const found = this.examples.find(({ name }) => name === event);
    if (found === undefined) throw new Error(`no example of the event ${event} is published`);
    return structuredClone(found.examples.filter((each) => this.faults(event, each).length === 0));
  }

  /** What is wrong with a payload; nothing when it is as GitHub's. */
  faults(event: string, payload: unknown): string[] {
    const definition = this.definitionOf(event);
    if (definition === null) return [`no schema of the event ${event} is published`];
    const known = this.compiled.get(event);
    const validate = known ?? this.ajv.compile({ $ref: `webhooks#/definitions/${encodeURIComponent(definition)}` });
    this.compiled.set(event, validate);
    if (validate(payload)) return [];
    return (validate.errors ?? []).map((error) => `${event}: ${error.instancePath || 'it'} ${error.message ?? ''}`);
  }

  /** A push: a published example with these facts in it. */
  push(facts: PushFacts): Schema {
    const { repo, ref, after, before = NO_COMMIT, pusher = 'octocat' } = facts;
    const example = this.of('push').find((each) => each['head_commit'] !== null && each['ref'] === 'refs/heads/master');
    if (example === undefined) throw new Error('no example of a push to a branch is published');
    const deleted = after === NO_COMMIT;
    const commit = { ...(example['head_commit'] as Schema), id: after, message: facts.message ?? 'Change it' };
    return {
      ...example,
      ref,
      before,
      after,
      created: before === NO_COMMIT,
      deleted,
      head_commit: deleted ? null : commit,
      commits: deleted ? [] : [commit],
      repository: renamed(example['repository'], repo),
      pusher: { ...(example['pusher'] as Schema), name: pusher },
      sender: { ...(example['sender'] as Schema), login: pusher },
    };
  }

  /** The deletion of a branch or tag: a published example with these facts in it. */
  deletion(repo: string, ref: string, refType: 'branch' | 'tag'): Schema {
    const example = this.of('delete')[0] ?? {};
    return { ...example, ref, ref_type: refType, repository: renamed(example['repository'], repo) };
  }

  /** What GitHub sends when a hook was made. */
  ping(repo: string): Schema {
    const example = this.of('ping').find((each) => 'repository' in each) ?? {};
    return { ...example, repository: renamed(example['repository'], repo) };
  }

  private definitionOf(event: string): string | null {
    return [`${event}$event`, `${event}_event`].find((name) => name in this.definitions) ?? null;
  }
}

function renamed(repository: unknown, fullName: string): Schema {
  return { ...(repository as Schema), full_name: fullName, name: fullName.split('/')[1] };
}
