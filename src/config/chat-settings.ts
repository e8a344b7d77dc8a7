import { IsOptional, IsString, IsUrl } from 'class-validator';
import { BuildSettings } from './build-settings.js';
import { URL_RULE } from './read-value.js';

/** How people speak to Jockey in a chat. */
export class ChatSettings extends BuildSettings {
  /** The signing secret of the Slack app whose slash command asks `POST /chat/slack`. */
  @IsOptional()
  @IsString()
  SLACK_SIGNING_SECRET?: string;

  /** The bot token of the Slack app, with the scope `chat:write`: with it deploys are told of in a thread. */
  @IsOptional()
  @IsString()
  SLACK_BOT_TOKEN?: string;

  /** Slack's API. */
  @IsUrl(URL_RULE, { message: 'should be the URL of the API of Slack: https://slack.com/api' })
  SLACK_API_URL = 'https://slack.com/api';

  /** Where the answers to slash commands go: no other address that a request names is called. */
  @IsUrl(URL_RULE, { message: 'should be the URL that Slack takes answers at: https://hooks.slack.com' })
  SLACK_HOOKS_URL = 'https://hooks.slack.com';
}
