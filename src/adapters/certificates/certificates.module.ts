import { Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { HOST_CERTIFICATES } from '../../ports/host-certificates.js';
import { X509HostCertificates } from './x509-host-certificates.js';

/** Gives {@link HOST_CERTIFICATES}. */
@Module({
  providers: [
    {
      provide: HOST_CERTIFICATES,
      inject: [Environment],
      useFactory: ({ HOST_CA_CERT_FILE: certificate, HOST_CA_KEY_FILE: key }: Environment) =>
        new X509HostCertificates({ certificate, key }),
    },
  ],
  exports: [HOST_CERTIFICATES],
})
export class CertificatesModule {}
