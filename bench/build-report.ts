import type { BuildPair, BuildRound } from './build-bench.js';
import { machineLine } from './machine.js';
import { median } from './median.js';
import { tableOf, type Row } from './table.js';

/** Targets: how many times `docker build` of the same context by hand a build may cost. */
const MOST_TIMES = { first: 1.15, second: 1.5 } as const;

interface Judged {
  readonly row: Row;
  readonly met: boolean;
}

/** What was measured as a table, and whether both targets are met. */
export function buildReport(rounds: readonly BuildRound[]): { readonly text: string; readonly met: boolean } {
  const all = [judge('first', rounds), judge('second', rounds)];
  const met = all.every((each) => each.met);
  const about = `A build of a sample app by Jockey, from POST /builds to completed (fetched, built, pushed), beside docker build and docker push by hand of the same context on the same host; medians of ${rounds.length} rounds, Jockey first in each. ${machineLine()}`;
  const target = `first at most ${MOST_TIMES.first} times, the second of an unchanged app at most ${MOST_TIMES.second} times what it costs by hand.`;
  return { text: `${about}\n\n${tableOf(all.map(({ row }) => row))}\n\n${met ? 'Met' : 'MISSED'}: ${target}`, met };
}

/** By hand an image gets to the registry by a push too, so that both do the same. */
function judge(which: keyof typeof MOST_TIMES, rounds: readonly BuildRound[]): Judged {
  const pairs: readonly BuildPair[] = rounds.map((each) => each[which]);
  const jockey = median(pairs.map((each) => each.jockey));
  const build = median(pairs.map(({ byHand }) => byHand.build));
  const both = median(pairs.map(({ byHand }) => byHand.build + byHand.push));
  const met = jockey <= MOST_TIMES[which] * both;
  const row = {
    build: which,
    'docker build ms': build.toFixed(0),
    'and push ms': both.toFixed(0),
    'Jockey ms': jockey.toFixed(0),
    'times build and push': (jockey / both).toFixed(2),
    'times build alone': (jockey / build).toFixed(2),
    met: met ? 'yes' : 'no',
  };
  return { row, met };
}
