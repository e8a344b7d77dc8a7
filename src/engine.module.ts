import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import type { Environment } from './config/environment.js';
import { EngineModule } from './engine/engine.module.js';
import { ResourceViewsModule } from './features/resource-views/resource-views.module.js';
import { StoreModule } from './store/store.module.js';

type Imports = NonNullable<DynamicModule['imports']>;

/** Composition root of the engine's process. */
@Module({})
export class EngineRootModule {
  /** Everything around one parsed environment, and the global modules that provide the ports. */
  static forRoot(environment: Environment, ports: Imports): DynamicModule {
    return {
      module: EngineRootModule,
      imports: [ConfigModule.forRoot(environment), StoreModule, ...ports, ResourceViewsModule, EngineModule],
    };
  }
}
