import type { Schemas } from '../../../typescript/src/index.js';
import { titleOf } from './deploy-progress.js';
import { wrapped } from './fit-text.js';
import { durationWords, secondsBetween } from './seconds-between.js';

type Deploy = Schemas['DeployDto'];

/** How many of the last lines of an instance are shown; all that there are stand in the answer of the API. */
const LINES = 15;

/** What became of a deploy that has settled, in one sentence. */
export function resultOf(deploy: Deploy): string {
  const { state, outcome, release } = deploy;
  const time = durationWords(secondsBetween(deploy.created_at, deploy.completed_at, Date.now()));
  if (state === 'failed')
    return `${titleOf(deploy)}: failed (${(outcome ?? 'failed').replaceAll('_', ' ')}) after ${time}.`;
  const made = release === null ? '' : ` as ${release}`;
  const replaced = state === 'stopped' ? '; a later one has taken its place' : '';
  return `${titleOf(deploy)}: deployed${made} in ${time}${replaced}.`;
}

/** Why it failed: the cause, the instance that shows it, and what that one said last. Empty for one that did not. */
export function failureLines(deploy: Deploy, columns: number): string[] {
  if (deploy.state !== 'failed') return [];
  return [
    ...(deploy.failure_reason === null ? [] : wrapped(deploy.failure_reason, columns)),
    ...proofLines(deploy, columns),
  ];
}

function proofLines({ failure, failure_reason: reason }: Deploy, columns: number): string[] {
  if (failure === null) return [];
  const { instance, host, cause, kind, last_lines: lines, last_check: check } = failure;
  const said = reason?.includes(cause) === true;
  return [
    ...(said ? [] : wrapped(`${instance} on ${host}: ${cause}`, columns)),
    ...(check === null || kind !== 'unhealthy' || reason?.includes(check) === true
      ? []
      : wrapped(`Its check said last: ${check}`, columns)),
    ...(lines.length === 0 ? [] : [`Last lines of ${instance}:`, ...lines.slice(-LINES).map((line) => `  ${line}`)]),
  ];
}
