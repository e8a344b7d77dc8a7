import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Environment } from '../config/environment.js';
import { dataSourceOptions } from './data-source.js';
import { LogBook } from './log-book.js';
import { Directory } from './repositories/directory.js';

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
  providers: [Directory, LogBook],
  exports: [Directory, LogBook, TypeOrmModule],
})
export class StoreModule {}
