import type { AppEnvironmentKey } from '../../store/repositories/app-environments.js';

/** Gathers what is to be looked at for a moment, so that one cause that shows in many places is one look. */
export class GatheredKeys {
  private readonly gathered = new Map<string, AppEnvironmentKey>();
  private timer: NodeJS.Timeout | null = null;

  /** `hand` gets each, so many milliseconds after the first of them came. */
  constructor(
    private readonly milliseconds: number,
    private readonly hand: (key: AppEnvironmentKey) => void,
  ) {}

  add(key: AppEnvironmentKey): void {
    this.gathered.set(`${key.appId}/${key.environmentId}`, key);
    this.timer ??= setTimeout(() => this.handOn(), this.milliseconds);
  }

  /** Forgets what was gathered. */
  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.gathered.clear();
  }

  private handOn(): void {
    const keys = [...this.gathered.values()];
    this.stop();
    for (const key of keys) this.hand(key);
  }
}
