import { Module } from '@nestjs/common';
import { Holds } from '../../store/repositories/holds.js';
import { HoldsController } from './holds.controller.js';
import { HoldsService } from './holds.service.js';

@Module({ controllers: [HoldsController], providers: [Holds, HoldsService] })
export class HoldsModule {}
