import { Module } from '@nestjs/common';
import { HostLoads } from '../../store/repositories/host-loads.js';
import { HostsController } from './hosts.controller.js';
import { HostsService } from './hosts.service.js';

@Module({ controllers: [HostsController], providers: [HostLoads, HostsService] })
export class HostsModule {}
