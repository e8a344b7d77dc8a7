import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { DEFAULT_WEB_PORT, WEB_WORKER } from '../../domain/worker/worker.js';
import { type AppRow, EnvironmentRow, WorkerRow } from '../entities/index.js';
import { ConfigSets } from './config-sets.js';

/** Where a new app is set up at once, as the original did. */
const ENVIRONMENTS = ['development', 'production'];

/** What a new app's `web` worker runs: the start command of a Buildstep image. */
const WEB_COMMAND = '/start web';

/** Sets up new apps: the original's variables (`id` and `RACK_ENV` both name the environment), PORT, and a `web` worker at scale 0, so that nothing starts before it is configured. */
@Injectable()
export class AppDefaults {
  constructor(private readonly configSets: ConfigSets) {}

  /** Part of the transaction that writes the app. */
  async create(app: AppRow, manager: EntityManager): Promise<void> {
    const environments = await manager.findBy(EnvironmentRow, { name: In(ENVIRONMENTS) });
    for (const { id, name } of environments) {
      const place = { appId: app.id, environmentId: id };
      const config = { PORT: String(DEFAULT_WEB_PORT), RACK_ENV: name, id: name };
      await this.configSets.create(place, { config }, manager);
      await manager.save(WorkerRow, { ...place, name: WEB_WORKER, command: WEB_COMMAND, scale: 0 } as WorkerRow);
    }
  }
}
