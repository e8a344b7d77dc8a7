import { Module } from '@nestjs/common';
import { BuildSecretsController } from './build-secrets.controller.js';

@Module({ controllers: [BuildSecretsController] })
export class BuildSecretsModule {}
