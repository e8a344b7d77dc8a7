import { Module } from '@nestjs/common';
import { ObservationModule } from '../../observation/observation.module.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import { SanityReader } from '../../store/repositories/sanity-facts.js';
import { EnvironmentSanity } from './environment-sanity.service.js';
import { SanityController } from './sanity.controller.js';
import { SanityService } from './sanity.service.js';

@Module({
  imports: [ObservationModule],
  controllers: [SanityController],
  providers: [AppEnvironments, EnvironmentSanity, SanityReader, SanityService],
})
export class SanityModule {}
