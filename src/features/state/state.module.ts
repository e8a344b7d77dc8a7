import { Module } from '@nestjs/common';
import { PastState } from '../../store/repositories/past-state.js';
import { StateController } from './state.controller.js';
import { StateService } from './state.service.js';

@Module({ controllers: [StateController], providers: [PastState, StateService] })
export class StateModule {}
