import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../../http/auth/public.decorator.js';
import type { HttpRequest } from '../../http/http-request.js';
import { WritesNothing } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { DEVICE_SIGN_IN_EXAMPLE, DEVICE_TOKEN_EXAMPLE, DeviceSignInDto, DeviceTokenDto } from './device-sign-in.dto.js';
import { DeviceSignInsService } from './device-sign-ins.service.js';

const BODY = {
  type: 'object',
  required: ['device_code'],
  properties: { device_code: { type: 'string', maxLength: 200, description: 'What the sign-in began with.' } },
} as const;

@ApiTags('sessions')
@Public()
@Controller('auth/device')
export class DeviceSignInsController {
  constructor(private readonly signIns: DeviceSignInsService) {}

  @Describe({
    summary: 'Sign in on another device: get a code',
    about:
      "For programs without a browser: GitHub's device flow, as the OAuth app of Jockey. The person types the code in at " +
      'GitHub, wherever there is a browser. Nothing is kept here.',
    answer: oneOf(DeviceSignInDto, DEVICE_SIGN_IN_EXAMPLE),
    errors: ['unprocessable_entity'],
  })
  @WritesNothing()
  @Post()
  beginDeviceSignIn(@Res({ passthrough: true }) response: Response): Promise<DeviceSignInDto> {
    response.setHeader('Cache-Control', 'no-store');
    return this.signIns.begin();
  }

  @ApiConsumes('application/json')
  @ApiBody({
    schema: {
      ...BODY,
      required: ['device_code'],
      example: { device_code: '3584d83530557fdd1f46af8289938c8ef79f9dc5' },
    },
  })
  @Describe({
    summary: 'Sign in on another device: ask for the token',
    about: 'Asked again after `interval` seconds while it is pending. The token is sent as every other, as Bearer.',
    answer: oneOf(DeviceTokenDto, DEVICE_TOKEN_EXAMPLE),
    errors: ['bad_request', 'forbidden', 'record_invalid', 'unprocessable_entity'],
  })
  @WritesNothing()
  @Post('token')
  finishDeviceSignIn(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DeviceTokenDto> {
    response.setHeader('Cache-Control', 'no-store');
    return this.signIns.finish(request.rawBody ?? Buffer.alloc(0));
  }
}
