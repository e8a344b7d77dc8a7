import { IsOptional, IsUrl } from 'class-validator';
import { URL_RULE } from './read-value.js';
import { RegistrySettings } from './registry-settings.js';

const QUEUE = {
  message: 'should be the URL of a queue, such as https://sqs.eu-central-1.amazonaws.com/123456789012/jockey',
};

/**
 * Where Amazon's services are. Credentials come from where its SDK looks for them: variables, a profile, the role of the
 * machine.
 */
export class AwsSettings extends RegistrySettings {
  /** URL at which all of Amazon's services are reached, where that is not Amazon itself. */
  @IsOptional()
  @IsUrl(URL_RULE, { message: 'should be a URL, such as http://localhost:5555' })
  AWS_ENDPOINT_URL?: string;

  /** Queue of SQS into which EventBridge writes what is about to happen to machines. Without it, groups are asked in turn. */
  @IsOptional()
  @IsUrl(URL_RULE, QUEUE)
  AWS_EVENTS_QUEUE_URL?: string;
}
