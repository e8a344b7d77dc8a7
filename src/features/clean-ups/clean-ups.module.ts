import { Module } from '@nestjs/common';
import { ObservationModule } from '../../observation/observation.module.js';
import { CleanUps } from '../../store/repositories/clean-ups.js';
import { CleanUpsController } from './clean-ups.controller.js';
import { CleanUpsService } from './clean-ups.service.js';

@Module({
  imports: [ObservationModule],
  controllers: [CleanUpsController],
  providers: [CleanUps, CleanUpsService],
})
export class CleanUpsModule {}
