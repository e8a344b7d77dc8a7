/** Says "look at this again". It carries ids and never a decision: lost or doubled ones do no harm. */
export type Trigger =
  | { readonly kind: 'build'; readonly buildId: string }
  | { readonly kind: 'app_environment'; readonly appId: string; readonly environmentId: string }
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'host_pool'; readonly poolId: string }
  | { readonly kind: 'clean_up' };

/** Where a trigger is handed on. Losing it loses nothing: the engine's sweep looks at everything again. */
export interface WorkQueue {
  /** Hands a trigger to one of the engines; `delayMs` later where given. A silent queue is logged, never an error. */
  send(trigger: Trigger, delayMs?: number): Promise<void>;
  /** Receives triggers until the queue is closed. The handler must return at once. */
  receive(handler: (trigger: Trigger) => void): void;
  /** Whether the queue answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Injection token of {@link WorkQueue}. */
export const WORK_QUEUE = Symbol('WorkQueue');
