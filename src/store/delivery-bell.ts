import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { Environment } from '../config/environment.js';
import { DELIVERY_BELL } from './repositories/events.js';

/** A lost connection is made again after so long, in milliseconds. */
const AGAIN_AFTER = 5_000;

/** Rings when something is put in the outbox: Postgres says so on a connection of its own, nobody has to ask. */
@Injectable()
export class DeliveryBell {
  private client: pg.Client | null = null;
  private again: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(private readonly environment: Environment) {}

  /** Calls `ring` each time; and once when it listens, for what was put in before. */
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
    const client = new pg.Client({ connectionString: this.environment.DATABASE_URL, application_name: 'jockey-bell' });
    this.client = client;
    client.on('notification', ring);
    client.on('error', () => this.later(ring));
    client.on('end', () => this.later(ring));
    try {
      await client.connect();
      await client.query(`LISTEN ${DELIVERY_BELL}`);
      ring();
    } catch {
      this.later(ring);
    }
  }

  /** What rings meanwhile is not lost: the courier looks by itself too, only later. */
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
