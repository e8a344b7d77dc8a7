import { Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { HOST_CATALOG } from '../../ports/host-catalog.js';
import { SERVICE_REGISTRY } from '../../ports/service-registry.js';
import { ConsulClients } from './consul-clients.js';
import { ConsulHostCatalog } from './consul-host-catalog.js';
import { ConsulServiceRegistry } from './consul-service-registry.js';

/** Gives {@link HOST_CATALOG} and {@link SERVICE_REGISTRY}. */
@Module({
  providers: [
    {
      provide: ConsulClients,
      inject: [Environment],
      useFactory: (environment: Environment) => new ConsulClients(environment.CONSUL_HTTP_TOKEN),
    },
    { provide: HOST_CATALOG, inject: [ConsulClients, Environment], useFactory: hostCatalog },
    {
      provide: SERVICE_REGISTRY,
      inject: [ConsulClients, Environment],
      useFactory: (clients: ConsulClients, { CONSUL_HTTP_ADDR }: Environment) =>
        new ConsulServiceRegistry(clients, CONSUL_HTTP_ADDR),
    },
  ],
  exports: [HOST_CATALOG, SERVICE_REGISTRY],
})
export class ConsulModule {}

function hostCatalog(clients: ConsulClients, environment: Environment): ConsulHostCatalog {
  return new ConsulHostCatalog(clients, {
    consulUrl: environment.CONSUL_HTTP_ADDR,
    agentPort: environment.CONSUL_AGENT_PORT,
    dockerPort: environment.DOCKER_PORT,
    dockerTls: environment.DOCKER_CERT_PATH !== undefined,
  });
}
