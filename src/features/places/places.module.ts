import { Module } from '@nestjs/common';
import { PlaceOverview } from '../../store/repositories/place-overview.js';
import { PlacesController } from './places.controller.js';
import { PlacesService } from './places.service.js';

@Module({ controllers: [PlacesController], providers: [PlaceOverview, PlacesService] })
export class PlacesModule {}
