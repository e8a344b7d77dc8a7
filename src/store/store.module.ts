import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Environment } from '../config/environment.js';
import { dataSourceOptions } from './data-source.js';
import { AuditEntries } from './audit/audit-entries.js';
import { Snapshots } from './audit/snapshots.js';
import { LogBook } from './log-book.js';
import { Redactors } from './redactors.js';
import { SecretBox } from './secret-box.js';
import { secretBoxOf } from './secret-keys.js';
import { ApiTokens } from './repositories/api-tokens.js';
import { AppDefaults } from './repositories/app-defaults.js';
import { AppsOfRepo } from './repositories/apps-of-repo.js';
import { Apps } from './repositories/apps.js';
import { BuildSecrets } from './repositories/build-secrets.js';
import { ConfigSets } from './repositories/config-sets.js';
import { ConfigValues } from './repositories/config-values.js';
import { Directory } from './repositories/directory.js';
import { HostLoads } from './repositories/host-loads.js';
import { People } from './repositories/people.js';
import { Places } from './repositories/places.js';
import { RecordPlaces } from './repositories/record-places.js';
import { Sessions } from './repositories/sessions.js';
import { WorkerScalings } from './repositories/worker-scalings.js';
import { Workers } from './repositories/workers.js';

const REPOSITORIES = [
  AuditEntries,
  Snapshots,
  ApiTokens,
  AppDefaults,
  Apps,
  AppsOfRepo,
  BuildSecrets,
  ConfigSets,
  ConfigValues,
  Directory,
  HostLoads,
  LogBook,
  People,
  Places,
  RecordPlaces,
  Redactors,
  Sessions,
  WorkerScalings,
  Workers,
];

/** The database and what is read from it everywhere. Migrations are run by their own command, never at a start. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Environment],
      useFactory: (environment: Environment) => ({
        ...dataSourceOptions(environment.DATABASE_URL),
        migrations: [],
        retryAttempts: 1,
        retryDelay: 0,
      }),
    }),
  ],
  providers: [...REPOSITORIES, { provide: SecretBox, inject: [Environment], useFactory: secretBoxOf }],
  exports: [...REPOSITORIES, SecretBox, TypeOrmModule],
})
export class StoreModule {}
