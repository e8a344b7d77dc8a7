import { IsOptional, IsString, ValidateBy } from 'class-validator';
import { faultOfAllowList } from '../domain/outbound/outbound-rules.js';
import { SecretSettings } from './secret-settings.js';

/** Each entry is known for what it is: a typing error must not silently allow nothing, or something else. */
const AllowList = (): PropertyDecorator =>
  ValidateBy({
    name: 'allowList',
    validator: {
      validate: (value) => typeof value === 'string' && faultOfAllowList(value) === null,
      defaultMessage: () =>
        'should be host names, addresses and CIDR ranges, with commas between: hooks.internal,10.1.0.0/16',
    },
  });

/** What Jockey may call by itself. */
export class OutboundSettings extends SecretSettings {
  /**
   * Addresses within the own network that callbacks and notifications may be sent to: host names, addresses and CIDR
   * ranges, with commas between. All that is not public is refused otherwise.
   */
  @IsOptional()
  @IsString()
  @AllowList()
  OUTBOUND_ALLOW?: string;
}
