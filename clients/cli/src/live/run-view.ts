import type { CommandEnd } from './command-exit.js';

/** A run as the API shows it, as far as this program looks at it. */
export interface RunView extends CommandEnd {
  readonly id: string;
  readonly kind: string;
  readonly app: { readonly name: string };
  readonly environment: { readonly name: string };
  readonly command: readonly string[];
  readonly interactive: boolean;
  readonly input: boolean;
  readonly state: string;
  readonly outcome: string | null;
  readonly failure_reason: string | null;
  readonly waiting_for: string | null;
  readonly host: string | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly completed_at: string | null;
}
