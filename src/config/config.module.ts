import { type DynamicModule, Module } from '@nestjs/common';
import { Environment } from './environment.js';

/** Hands the configuration, parsed once at the entry point, to everything that is injected. */
@Module({})
export class ConfigModule {
  /** The module around one parsed environment. */
  static forRoot(environment: Environment): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: Environment, useValue: environment }],
      exports: [Environment],
    };
  }
}
