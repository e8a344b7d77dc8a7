import { Controller, Get, Header, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { Bare } from '../../http/answer/envelope.interceptor.js';
import { everywhere, Needs } from '../../http/auth/needs.decorator.js';
import { Public } from '../../http/auth/public.decorator.js';
import type { HttpRequest } from '../../http/http-request.js';
import { AnswerHoldsSecret } from '../../http/idempotency/read-again.decorator.js';
import { type Answer, Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { HOST_CERTIFICATE_EXAMPLE, HostCertificateDto, UserDataQueryDto } from './host-join.dto.js';
import { HostJoinsService } from './host-joins.service.js';

const CLOUD_CONFIG: Answer = {
  media: 'text/cloud-config',
  schema: { type: 'string' },
  example: '#cloud-config\npackage_update: true\npackages: [ca-certificates, curl, openssl]\n',
};

/** What a host sends. */
const ASKED = {
  type: 'object',
  required: ['csr'],
  additionalProperties: false,
  properties: {
    csr: { type: 'string', description: 'A certificate request (PKCS #10) as PEM, for exactly one IP address.' },
    token: { type: 'string', nullable: true, description: 'Of the user data; for the first certificate.' },
    machine: { type: 'string', nullable: true, description: "The group's machine: i-0123456789abcdef0." },
    certificate: { type: 'string', nullable: true, description: 'The certificate that the host has, as PEM.' },
  },
};

@ApiTags('hosts')
@Controller()
export class HostJoinsController {
  constructor(private readonly joins: HostJoinsService) {}

  @Needs('manage', everywhere)
  @Describe({
    summary: 'Show the cloud-init that makes a machine a host of a stack in an environment',
    about:
      'Docker with TLS, a Consul agent that registers the host with its capacity and health check, and nothing made by ' +
      'hand. Each answer holds a new token with which machines get their first certificate for so many `hours`; no secret ' +
      'that lasts is in it. 422 names the settings that miss.',
    answer: CLOUD_CONFIG,
    errors: ['not_found', 'record_invalid', 'unprocessable_entity'],
  })
  @Bare()
  @Header('Content-Type', 'text/cloud-config; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Get('stacks/:id/user_data')
  getStackUserData(@Param('id') id: string, @Query() query: UserDataQueryDto): Promise<string> {
    return this.joins.userDataOf(id, query);
  }

  @Public()
  @ApiConsumes('application/json')
  @ApiBody({
    description: 'Sent by the program that the user data puts on a host.',
    schema: {
      ...ASKED,
      example: { csr: '-----BEGIN CERTIFICATE REQUEST-----\nMIIB…', token: 'jky_…', machine: 'i-0a1' },
    },
  })
  @Describe({
    summary: 'Sign the certificate of a host',
    about:
      'Without an API token: the token of the user data, or the certificate that the host has and its key, say who asks. ' +
      "In a pool with a group, the group has to have the machine at this very address, and a machine's key is one as long " +
      'as its certificate is valid (409); elsewhere the request has to come from the address (403).',
    answer: oneOf(HostCertificateDto, HOST_CERTIFICATE_EXAMPLE),
    status: 201,
    errors: ['not_authenticated', 'forbidden', 'conflict', 'record_invalid', 'unprocessable_entity'],
  })
  @AnswerHoldsSecret()
  @Post('hosts/certificates')
  createHostCertificate(@Req() request: HttpRequest): Promise<HostCertificateDto> {
    return this.joins.certify(request);
  }
}
