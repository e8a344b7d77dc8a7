import pg from 'pg';

/** A lost connection is made again after so long, in milliseconds. */
const AGAIN_AFTER = 5_000;

/** Rings when something is said on a channel of Postgres, on a connection of its own: nobody has to ask. */
export abstract class Bell {
  private client: pg.Client | null = null;
  private again: NodeJS.Timeout | null = null;
  private stopped = false;

  protected constructor(
    private readonly connectionString: string,
    /** What `LISTEN` takes; a plain word. */
    private readonly channel: string,
  ) {}

  /** Calls `ring` each time; and once when it listens, for what was said before. */
  listen(ring: () => void): void {
    void this.connect(ring);
  }

  /** Hears nothing more. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.again !== null) clearTimeout(this.again);
    await this.hangUp();
  }

  private async connect(ring: () => void): Promise<void> {
    const { connectionString } = this;
    const client = new pg.Client({ connectionString, application_name: 'jockey-bell' });
    this.client = client;
    client.on('notification', ring);
    client.on('error', () => this.later(ring));
    client.on('end', () => this.later(ring));
    try {
      await client.connect();
      await client.query(`LISTEN ${this.channel}`);
      ring();
    } catch {
      this.later(ring);
    }
  }

  /** What rings meanwhile is not lost: whoever listens looks by itself too, only later. */
  private later(ring: () => void): void {
    if (this.stopped || this.again !== null) return;
    this.again = setTimeout(() => {
      this.again = null;
      void this.hangUp().then(() => (this.stopped ? undefined : this.connect(ring)));
    }, AGAIN_AFTER).unref();
  }

  private async hangUp(): Promise<void> {
    const { client } = this;
    this.client = null;
    client?.removeAllListeners();
    client?.on('error', () => undefined);
    await client?.end().catch(() => undefined);
  }
}
