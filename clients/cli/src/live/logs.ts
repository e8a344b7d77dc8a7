import type { Schemas } from '../../../typescript/src/index.js';
import type { Context } from '../context.js';
import { usage } from '../errors.js';
import type { ExitCode } from '../exit-codes.js';
import type { Given } from '../given.js';
import { safeText } from '../safe-text.js';
import type { Asked } from '../server.js';
import type { Run } from '../verb.js';
import { followLines } from './follow-lines.js';

type LogLine = Schemas['LogLineDto'];

/** A line that an instance printed, as GET /app_logs has it. */
interface AppLogLine {
  readonly worker: string;
  readonly slot: number;
  readonly host: string;
  readonly timestamp: string;
  readonly message: { readonly text: string };
}

/** What happens to an instance while it is followed. */
interface InstanceChange {
  readonly worker: string;
  readonly slot: number;
  readonly host: string;
  readonly change: string;
  readonly because?: string | null;
}

/** Things that have a log of their own, by the option that names one. */
const OWN_LOGS = { deploy: '/deploys', build: '/builds', reconcile: '/reconciles', run: '/runs' } as const;

/** Prints what the instances of an app print, or the log of one deploy, build, reconcile or run. */
export const logs: Run = (context, given) => {
  const named = Object.entries(OWN_LOGS).filter(([option]) => given.text(option) !== undefined);
  if (named.length > 1) throw usage(`One log at a time: say --${named.map(([option]) => option).join(' or --')}.`);
  const [[option, path] = []] = named;
  if (option === undefined) return appLogs(context, given);
  return ownLog(context, given, `${path}/${encodeURIComponent(given.text(option) ?? '')}/logs`);
};

async function ownLog(context: Context, given: Given, path: string): Promise<ExitCode | void> {
  const { output } = context;
  const query = { tail: given.count('tail'), ansi: 'strip' };
  const text = ({ timestamp, message }: LogLine) => safeText(timed(given, timestamp) + message.text);
  if (given.flag('follow'))
    return followLines(context, {
      ...{ path, query },
      print: ({ data }) => output.line(output.json ? data : text(JSON.parse(data) as LogLine)),
    });
  const { logs: lines } = await read<Schemas['LogsDto']>(context, { path, query });
  output.data(lines, () => lines.map(text));
}

async function appLogs(context: Context, given: Given): Promise<ExitCode | void> {
  const { output } = context;
  const query = {
    ...(await context.place()),
    ...{ worker: given.text('worker'), instance: given.text('instance') },
    ...{ since: given.text('since'), tail: given.count('tail'), ansi: 'strip' },
  };
  if (given.flag('follow')) return followApp(context, given, query);
  const { logs: lines, missing } = await read<{
    readonly logs: readonly AppLogLine[];
    readonly missing: readonly InstanceChange[];
  }>(context, { path: '/app_logs', query });
  for (const each of missing)
    output.warn(safeText(`${nameOf(each)} cannot be read: ${each.because ?? 'it is silent'}`));
  output.data(lines, () => lines.map((line) => textOf(context, given, line)));
}

function followApp(context: Context, given: Given, query: Asked['query']): Promise<ExitCode> {
  const { output } = context;
  return followLines(context, {
    ...{ path: '/app_logs', query },
    print: ({ event, data }) => {
      if (event === 'instance') output.progress(changeText(JSON.parse(data) as InstanceChange));
      else output.line(output.json ? data : textOf(context, given, JSON.parse(data) as AppLogLine));
    },
  });
}

function textOf({ output }: Context, given: Given, line: AppLogLine): string {
  const before = `${timed(given, line.timestamp)}${line.worker}.${line.slot} ${line.host} |`;
  return `${output.paint(safeText(before), 'faint')} ${safeText(line.message.text)}`;
}

function changeText(change: InstanceChange): string {
  const because = change.because ? `: ${change.because}` : '';
  return safeText(`${nameOf(change)} ${CHANGES[change.change] ?? change.change}${because}`);
}

const CHANGES: Readonly<Record<string, string>> = {
  joined: 'is followed',
  left: 'has gone',
  silent: 'cannot be read',
};

const nameOf = ({ worker, slot, host }: InstanceChange): string => `${worker}.${slot} on ${host}`;

const timed = (given: Given, timestamp: string): string => (given.flag('times') ? `${timestamp} ` : '');

async function read<T>({ server }: Context, asked: Asked): Promise<T> {
  return (await (await server.send(asked)).json()) as T;
}
