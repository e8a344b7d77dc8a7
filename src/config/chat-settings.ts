import { IsOptional, IsString } from 'class-validator';
import { OutboundSettings } from './outbound-settings.js';

/** How people speak to Jockey in a chat. */
export class ChatSettings extends OutboundSettings {
  /** The signing secret of the Slack app whose slash command asks `POST /chat/slack`. */
  @IsOptional()
  @IsString()
  SLACK_SIGNING_SECRET?: string;
}
