import { Module } from '@nestjs/common';
import { DeviceSignInsController } from './device-sign-ins.controller.js';
import { DeviceSignInsService } from './device-sign-ins.service.js';

@Module({ controllers: [DeviceSignInsController], providers: [DeviceSignInsService] })
export class DeviceSignInsModule {}
