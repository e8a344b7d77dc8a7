import { type DynamicModule, Module } from '@nestjs/common';
import { BadgesController, PublicBadgesController } from './badges.controller.js';
import { BadgesService } from './badges.service.js';

@Module({})
export class BadgesModule {
  /** Badges, for those with a token or for everybody. */
  static forRoot(isPublic: boolean): DynamicModule {
    return {
      module: BadgesModule,
      controllers: [isPublic ? PublicBadgesController : BadgesController],
      providers: [BadgesService],
    };
  }
}
