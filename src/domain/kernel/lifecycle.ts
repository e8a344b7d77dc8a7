/**
 * A lifecycle is one table: from each state, the states that may come next. The type, the guard, the test and the
 * diagram of a lifecycle all come from it. States only move forward: a table with a cycle is refused at start.
 */
export type Transitions<S extends string> = Readonly<Record<S, readonly S[]>>;

/** A checked lifecycle. */
export interface Lifecycle<S extends string> {
  /** What lives by this table: `deploy`. */
  readonly name: string;
  readonly initial: S;
  readonly states: readonly S[];
  readonly transitions: Transitions<S>;
  /** Whether `to` may follow `from`. */
  canMove(from: S, to: S): boolean;
  /** Whether nothing follows. */
  isFinal(state: S): boolean;
  /** The states from which something follows. */
  readonly open: readonly S[];
}

/** Checks a table and makes a lifecycle of it; throws, naming the fault, when a state is unreachable or on a cycle. */
export function defineLifecycle<S extends string>(name: string, initial: S, transitions: Transitions<S>): Lifecycle<S> {
  const states = Object.keys(transitions) as S[];
  refuseUnreachable(name, initial, transitions);
  for (const state of states) refuseCycle(name, [state], transitions);
  return {
    name,
    initial,
    states,
    transitions,
    canMove: (from, to) => transitions[from].includes(to),
    isFinal: (state) => transitions[state].length === 0,
    open: states.filter((state) => transitions[state].length > 0),
  };
}

function refuseUnreachable<S extends string>(name: string, initial: S, transitions: Transitions<S>): void {
  const reached = new Set<S>([initial]);
  for (const state of reached) for (const next of transitions[state]) reached.add(next);
  const lost = (Object.keys(transitions) as S[]).filter((state) => !reached.has(state));
  if (lost.length > 0) throw new Error(`lifecycle ${name}: no way leads to ${lost.join(', ')}`);
}

function refuseCycle<S extends string>(name: string, path: readonly S[], transitions: Transitions<S>): void {
  const last = path[path.length - 1] as S;
  for (const next of transitions[last]) {
    if (path.includes(next)) throw new Error(`lifecycle ${name}: ${[...path, next].join(' -> ')} goes backward`);
    refuseCycle(name, [...path, next], transitions);
  }
}

/** The table as a Mermaid state diagram. */
export function diagramOf(lifecycle: Lifecycle<string>): string {
  const arrows = lifecycle.states.flatMap(
    (from) => lifecycle.transitions[from]?.map((to) => `  ${from} --> ${to}`) ?? [],
  );
  const ends = lifecycle.states.filter((state) => lifecycle.isFinal(state)).map((state) => `  ${state} --> [*]`);
  return ['stateDiagram-v2', `  [*] --> ${lifecycle.initial}`, ...arrows, ...ends].join('\n');
}
