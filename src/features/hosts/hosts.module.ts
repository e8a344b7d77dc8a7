import { Module } from '@nestjs/common';
import { Hosts } from '../../store/repositories/hosts.js';
import { HostPools } from './host-pools.js';
import { HostsController } from './hosts.controller.js';
import { HostsService } from './hosts.service.js';

@Module({ controllers: [HostsController], providers: [HostPools, Hosts, HostsService] })
export class HostsModule {}
