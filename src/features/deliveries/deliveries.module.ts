import { Module } from '@nestjs/common';
import { Deliveries } from '../../store/repositories/deliveries.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';

@Module({ controllers: [DeliveriesController], providers: [Deliveries, DeliveriesService] })
export class DeliveriesModule {}
