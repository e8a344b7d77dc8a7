import { ok } from '../../../typescript/src/problem.js';
import type { Schemas } from '../../../typescript/src/types.js';
import type { Context } from '../context.js';
import { failed } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import type { Given } from '../given.js';
import { follow } from '../live/follow.js';
import type { Output, Paint } from '../output.js';
import { poll, type Polling } from '../poll.js';
import { safeText } from '../safe-text.js';
import type { Run } from '../verb.js';

/** The deploy that was named; else the one in progress, or the last, of the app in the environment. */
async function deployOf(context: Context, given: Given): Promise<string> {
  const named = given.maybe('DEPLOY');
  if (named !== undefined) return named;
  const place = await context.place();
  const { data } = await ok(context.client.GET('/deploys', { params: { query: { ...place, per_page: 25 } } }));
  const found = data.findLast(({ completed_at: at, queued }) => at === null && !queued) ?? data[0];
  if (found === undefined) throw failed(`${place.app} was never deployed to ${place.environment}.`);
  return found.id;
}

/** `cancel [DEPLOY]` */
export const cancel: Run = async (context, given) => {
  const params = { path: { id: await deployOf(context, given) } };
  const { data } = await ok(context.client.POST('/deploys/{id}/cancel', { params }));
  const stays = given.flag('wait') && !given.flag('detach');
  const { seen, exit } = stays ? await ended(context, given, data.id) : { seen: data, exit: EXIT.done };
  context.output.data(seen, ({ id, state, outcome }) => [
    `Deploy ${id} is ${outcome === null ? `${state}, and is being canceled` : `${state} (${outcome})`}.`,
  ]);
  return seen.state === 'deployed' ? CAME_TOO_LATE : exit;
};

/** What was deployed before it could be canceled stays deployed: who cancels it has to know. */
const CAME_TOO_LATE = EXIT.conflict;

const ended = (context: Context, given: Given, id: string): Promise<Polling<Schemas['DeployDto']>> =>
  poll(context, given, {
    read: async () => (await ok(context.client.GET('/deploys/{id}', { params: { path: { id } } }))).data,
    done: ({ completed_at: at }) => at !== null,
    progress: ({ state }) => `Deploy ${id} is ${state}.`,
    comeBack: `wait deploy ${id}`,
  });

/** `continue [DEPLOY]` */
export const goOn: Run = async (context, given) => {
  const id = await deployOf(context, given);
  await ok(context.client.POST('/deploys/{id}/continue', { params: { path: { id } } }));
  return follow(context, given, { kind: 'deploy', id });
};

/** `builds:create [REF]` */
export const build: Run = async (context, given) => {
  const body = { app: await context.app(), ref: given.maybe('REF') ?? (await context.head()) };
  const { data } = await ok(context.client.POST('/builds', { body }));
  return follow(context, given, { kind: 'build', id: data.id });
};

/** `explain [DEPLOY]` */
export const explain: Run = async (context, given) => {
  const params = { path: { id: await deployOf(context, given) } };
  const { data } = await ok(context.client.GET('/deploys/{id}/explain', { params }));
  const { output } = context;
  output.data(data, ({ id, answer, steps }) => [
    `${output.paint(`Deploy ${id}`, 'strong')}: ${safeText(answer)}`,
    ...steps.flatMap((step) => stepLines(output, step)),
  ]);
};

type Step = Schemas['ExplainedStepDto'];

const SIGNS: Readonly<Record<Step['state'], readonly [string, Paint]>> = {
  done: ['✓', 'good'],
  current: ['●', 'strong'],
  blocked: ['!', 'warning'],
  failed: ['✗', 'bad'],
  waiting: ['·', 'faint'],
};

function stepLines(output: Output, { state, sentence, instances }: Step): readonly string[] {
  const [sign, paint] = SIGNS[state] ?? ['·', 'faint'];
  const waiting = instances.filter(({ waits_for: what }) => what !== '');
  return [
    `  ${output.paint(sign, paint)} ${safeText(sentence)}`,
    ...waiting.map(({ instance, host, waits_for: what }) => `      ${instance} on ${host}: ${safeText(what)}`),
  ];
}
