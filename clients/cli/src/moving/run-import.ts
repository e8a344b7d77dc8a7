import type { Context } from '../context.js';
import { failed } from '../errors.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Given } from '../given.js';
import type { Column } from '../table.js';
import type { Holding } from './holding.js';
import { type ImportStep, planImport } from './plan-import.js';
import { readOurs } from './read-ours.js';
import { writeStep } from './write-step.js';

/** Names of variables that are likely to hold what nobody should read. */
const LOOKS_SECRET = /(SECRET|PASSWORD|PASSWD|TOKEN|PRIVATE|API_?KEY|ACCESS_?KEY|DATABASE_URL|_KEY$)/i;

const COLUMNS: readonly Column<ImportStep>[] = [
  { head: 'ACTION', of: ({ action }) => action },
  { head: 'KIND', of: ({ kind }) => kind, rank: 1 },
  { head: 'WHAT', of: ({ what }) => what },
  { head: 'WRITES', of: ({ fields }) => fields.join(', '), rank: 2 },
  { head: 'BECAUSE', of: ({ because }) => because ?? '', rank: 3 },
];

/** Says what has to be written so that Jockey holds what another system does, and writes it where that was asked for. */
export async function runImport(context: Context, given: Given, theirs: Holding): Promise<ExitCode | void> {
  const ours = await readOurs(
    context,
    theirs.apps.map(({ name }) => name),
  );
  const steps = planImport(theirs, ours, { overwrite: given.flag('overwrite') });
  const secrets = new Set(given.texts('secret'));
  const remarks = [...theirs.remarks, ...secretRemarks(theirs, secrets)];
  const apply = given.flag('apply');
  const failures = apply ? await writeAll(context, steps, { stack: given.text('stack'), secrets }) : [];
  show(context, { steps, remarks, failures });
  const open = steps.filter(({ write }) => write !== null).length;
  if (!apply && open > 0) context.output.progress(`Nothing was written. --apply writes these ${open} steps.`);
  if (failures.length === 0) return;
  if (failures.length === open) throw failed(`Nothing could be written: ${failures[0] ?? ''}`);
  return EXIT.failed;
}

interface Making {
  readonly stack: string | undefined;
  readonly secrets: ReadonlySet<string>;
}

/** What fails keeps nothing else from being written: it is told at the end, and tried again by the next run. */
async function writeAll(context: Context, steps: readonly ImportStep[], making: Making): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const { write, kind, what } of steps) {
    if (write === null) continue;
    try {
      await writeStep(context, write, making);
      context.output.progress(`${kind} ${what}: written`);
    } catch (error) {
      failures.push(`${kind} ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return failures;
}

interface Said {
  readonly steps: readonly ImportStep[];
  readonly remarks: readonly string[];
  readonly failures: readonly string[];
}

/** What is written stays out of it: there are secrets in it. */
function show({ output }: Context, { steps, remarks, failures }: Said): void {
  const shown = steps.map(({ kind, what, action, because, fields }) => ({ kind, what, action, because, fields }));
  if (output.json) output.data({ steps: shown, remarks, failures }, () => []);
  else output.table(steps, COLUMNS);
  if (output.json) return;
  for (const remark of remarks) output.warn(remark);
  for (const failure of failures) output.warn(`Failed: ${failure}`);
}

function secretRemarks({ apps }: Holding, secrets: ReadonlySet<string>): string[] {
  const names = apps.flatMap(({ places }) => places.flatMap(({ config }) => Object.keys(config)));
  const open = [...new Set(names)].filter((name) => LOOKS_SECRET.test(name) && !secrets.has(name)).sort();
  if (open.length === 0) return [];
  return [
    `These look like secrets, and come in as plain variables: ${open.join(', ')}. --secret NAME takes one as a secret.`,
  ];
}
