import { IsOptional, IsString } from 'class-validator';
import { SecretSettings } from './secret-settings.js';

/** What Jockey may call by itself. */
export class OutboundSettings extends SecretSettings {
  /**
   * Addresses within the own network that callbacks and notifications may be sent to: host names, addresses and CIDR
   * ranges, with commas between. All that is not public is refused otherwise.
   */
  @IsOptional()
  @IsString()
  OUTBOUND_ALLOW?: string;
}
