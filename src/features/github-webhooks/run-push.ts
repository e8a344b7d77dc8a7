import type { EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/errors.js';
import type { Judgement } from '../../domain/push/judge-push.js';
import type { WebhookDeploy } from '../../domain/push/webhook-answer.js';
import type { AppRow, BuildRow, EnvironmentRow } from '../../store/entities/index.js';
import { Builds } from '../../store/repositories/builds.js';
import { lockDeploys } from '../../store/repositories/lock-deploys.js';
import { environmentsFor } from '../../store/repositories/push-rules.js';
import { laterPush, type NewDelivery } from '../../store/repositories/webhook-deliveries.js';
import { type WhenBusy, writeDeploy, type WrittenDeploy } from '../../store/repositories/write-deploy.js';
import type { Outcome } from './outcome.js';

/** A push while another deploy is in progress waits for it; what waits already gives way as the app says. */
export const WHEN_BUSY: WhenBusy = 'queue';

/** A push that is to be built. */
export interface AcceptedPush {
  readonly app: AppRow;
  readonly delivery: NewDelivery;
  readonly judgement: Extract<Judgement, { build: true }>;
}

/**
 * Writes the build of a push, and the deploys of the rules for its branch. The places of all are locked first, each
 * after the one with the smaller id: who asks for a deploy locks its place before it writes a build, too.
 */
export async function runPush(manager: EntityManager, push: AcceptedPush): Promise<Outcome> {
  const { app, judgement } = push;
  const { branch, sha } = judgement;
  const environments = branch === null ? [] : await environmentsFor(manager, { appId: app.id, branch });
  for (const { id } of environments) await lockDeploys(manager, { appId: app.id, environmentId: id });
  const ref = refOf(push);
  const build = await Builds.findOrCreate(manager, { appId: app.id, ref, rref: sha, branch, callbackUrl: null });
  const late = await whyLate(manager, push);
  const tried: Tried[] = [];
  for (const environment of environments)
    tried.push(late === null ? await deploy(manager, { app, environment, build }) : left(environment, late));
  const deploys = tried.map(({ said }) => said);
  const why = whyOf(push, deploys);
  return { answer: { accepted: true, why, build: build.id, deploys }, build, written: tried.flatMap(writtenOf) };
}

interface Tried {
  readonly said: WebhookDeploy;
  readonly written: WrittenDeploy | null;
}

const writtenOf = ({ written }: Tried): WrittenDeploy[] => (written === null ? [] : [written]);

const left = ({ name }: EnvironmentRow, why: string): Tried => ({
  said: { environment: name, deploy: null, why },
  written: null,
});

interface WantedByPush {
  readonly app: AppRow;
  readonly environment: EnvironmentRow;
  readonly build: BuildRow;
}

/** What keeps it out (a hold, a queue that is full) is told, and keeps no other deploy of the push out. */
async function deploy(manager: EntityManager, { app, environment, build }: WantedByPush): Promise<Tried> {
  const wanted = {
    ...{ appId: app.id, environmentId: environment.id, callbackUrl: null, automatic: true, whenBusy: WHEN_BUSY },
    choose: async () => ({ buildId: build.id, rref: build.rref, kind: 'deploy' as const, fromReleaseId: null }),
  };
  try {
    const written = await manager.transaction((nested) => writeDeploy(nested, wanted));
    return { said: { environment: environment.name, deploy: written.deploy.id, why: null }, written };
  } catch (error) {
    if (error instanceof DomainError && KEEPS_OUT.has(error.code)) return left(environment, error.message);
    throw error;
  }
}

const KEEPS_OUT: ReadonlySet<string> = new Set(['resource_locked', 'conflict', 'unprocessable_entity']);

/** Deliveries come in any order: what is older than what was pushed since must not take its place. */
async function whyLate(manager: EntityManager, { delivery }: AcceptedPush): Promise<string | null> {
  if (delivery.replayOf !== null || delivery.pushedAt === null) return null;
  const later = await laterPush(manager, delivery);
  return later === null
    ? null
    : `A later push to ${delivery.ref} came before this one, as delivery ${later.guid}; it stands.`;
}

/** The branch or tag, as a build is asked for by hand with. */
const refOf = ({ delivery, judgement }: AcceptedPush): string =>
  judgement.branch ?? (delivery.ref ?? '').replace(/^refs\/tags\//, '');

function whyOf({ judgement: { branch, sha } }: AcceptedPush, deploys: readonly WebhookDeploy[]): string {
  const commit = `Commit ${sha.slice(0, 12)}`;
  if (branch === null) return `${commit} is built; tags are not deployed.`;
  const begun = deploys.filter((each) => each.deploy !== null).map(({ environment }) => environment);
  if (deploys.length === 0) return `${commit} is built; no push rule deploys ${branch}.`;
  if (begun.length === 0) return `${commit} is built, and not deployed: see deploys.`;
  const rest = begun.length === deploys.length ? '' : '; not everywhere, see deploys';
  return `${commit} is built and deployed to ${begun.join(', ')}${rest}.`;
}
