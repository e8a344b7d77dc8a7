import { IsOptional, IsString } from 'class-validator';
import { ScalingSettings } from './scaling-settings.js';

/** What a new host needs to join. */
export class JoiningSettings extends ScalingSettings {
  /** File with the certificate, as PEM, of the authority that signs the certificates of hosts. */
  @IsOptional()
  @IsString()
  HOST_CA_CERT_FILE?: string;

  /** File with its private key, as PEM. */
  @IsOptional()
  @IsString()
  HOST_CA_KEY_FILE?: string;
}
