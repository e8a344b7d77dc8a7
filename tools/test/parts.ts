import { SetupFailure } from '../machine/failure.js';

/** What a part of the tests needs to be there while it runs; `stores` are Postgres and Redis, `cluster` is all. */
export type Surroundings = 'nothing' | 'stores' | 'cluster';

/** One part of `npm test`. */
export interface TestPart {
  /** Its name for `--only=`. */
  readonly name: string;
  /** Its heading. */
  readonly title: string;
  readonly needs: Surroundings;
  /** The command, as an argument array. */
  readonly command: readonly string[];
  /** Whether its command is Vitest, or ends in Vitest, and takes Vitest's options. */
  readonly counts: boolean;
  /** Whether it is run only when it is asked for: it takes long, and a short version is in another part. */
  readonly onDemand?: boolean;
}

const vitest = (name: string, title: string, needs: Surroundings): TestPart => ({
  name,
  title,
  needs,
  command: ['npx', 'vitest', 'run', '--project', name],
  counts: true,
});

/** In the order of their cost, so that the first fault shows early. */
export const TEST_PARTS: readonly TestPart[] = [
  {
    name: 'check',
    title: 'Format, lint, types, borders and unit tests',
    needs: 'nothing',
    // The first separator is npm's for `check`, the second that of what runs its parts, for the unit tests among them.
    command: ['npm', 'run', '--silent', 'check', '--', '--'],
    counts: true,
  },
  {
    name: 'docs',
    title: 'Generated pages are as the code says',
    needs: 'nothing',
    command: ['npm', 'run', '--silent', 'docs:check'],
    counts: false,
  },
  {
    name: 'migrations',
    title: 'Migrations and entities agree',
    needs: 'stores',
    command: ['npm', 'run', '--silent', 'migrate:check'],
    counts: false,
  },
  vitest('api', 'The HTTP API on a real Postgres', 'stores'),
  vitest('engine', 'The engine on a real Postgres and Redis', 'stores'),
  vitest('contract', 'Every port against the real thing', 'cluster'),
  vitest('system', 'Deploys over three Docker hosts', 'cluster'),
  { ...vitest('fuzz', 'The HTTP API under twenty thousand hostile requests', 'stores'), onDemand: true },
];

/** The parts that the arguments ask for: all, or those of `--only=NAME,NAME`. Refuses an unknown one. */
export function selectParts(args: readonly string[]): readonly TestPart[] {
  const names = TEST_PARTS.map(({ name }) => name);
  const wanted = args.flatMap((arg) => {
    const only = /^--only=(.+)$/.exec(arg)?.[1]?.split(',');
    if (!only) throw new SetupFailure(`"${arg}" is no option of npm test`, `Use --only= with ${names.join(', ')}.`);
    return only;
  });
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new SetupFailure(`there is no part "${unknown}" of the tests`, `The parts are ${names.join(', ')}.`);
  return wanted.length === 0
    ? TEST_PARTS.filter(({ onDemand }) => onDemand !== true)
    : TEST_PARTS.filter(({ name }) => wanted.includes(name));
}
