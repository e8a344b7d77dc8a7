import { Global, Module } from '@nestjs/common';
import { BullModule } from './adapters/bull/bull.module.js';
import { ClockModule } from './adapters/clock/clock.module.js';
import { ConsulModule } from './adapters/consul/consul.module.js';
import { DockerModule } from './adapters/docker/docker.module.js';
import { GitModule } from './adapters/git/git.module.js';

const READ_BY_BOTH = [BullModule, ConsulModule, GitModule];

/** The ports that the HTTP process uses. It has no door to Docker. */
@Global()
@Module({ imports: READ_BY_BOTH, exports: READ_BY_BOTH })
export class ApiAdaptersModule {}

/** The ports that the engine uses: all of them. */
@Global()
@Module({
  imports: [...READ_BY_BOTH, ClockModule, DockerModule],
  exports: [...READ_BY_BOTH, ClockModule, DockerModule],
})
export class EngineAdaptersModule {}
