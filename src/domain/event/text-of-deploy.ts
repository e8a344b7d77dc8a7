import type { EventKind } from './event-kind.js';

/** What an event of a deploy says in a chat. */
export interface ToldDeploy {
  readonly text: string;
  /** Whether nothing more happens to the deploy. */
  readonly isEnd: boolean;
}

interface DeployEvent {
  readonly kind: EventKind;
  readonly subjectId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One line on what became of a deploy; null for what nobody waits for. */
export function textOfDeploy({ kind, subjectId, data }: DeployEvent): ToldDeploy | null {
  const told = TOLD[kind];
  if (told === undefined) return null;
  const said = Object.fromEntries(FACTS.map((name) => [name, textOf(data[name])])) as Facts;
  return { text: `Deploy ${subjectId}${told.words(said)}`, isEnd: told.isEnd };
}

const FACTS = ['outcome', 'failure_reason', 'paused_because'] as const;

type Facts = Readonly<Record<(typeof FACTS)[number], string>>;

interface Told {
  readonly isEnd: boolean;
  readonly words: (facts: Facts) => string;
}

const TOLD: Partial<Record<EventKind, Told>> = {
  'deploy.deploying': { isEnd: false, words: () => ': its containers are being started.' },
  'deploy.paused': { isEnd: false, words: ({ paused_because: why }) => ` is paused.${behind(why)}` },
  'deploy.deployed': { isEnd: true, words: () => ' is deployed.' },
  'deploy.failed': {
    isEnd: true,
    words: ({ outcome, failure_reason: why }) =>
      ` failed${outcome === '' ? '' : ` (${outcome.replaceAll('_', ' ')})`}.${behind(why)}`,
  },
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const behind = (sentence: string): string => (sentence === '' ? '' : ` ${sentence}`);
