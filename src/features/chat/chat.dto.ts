import { LONGEST } from '../../commands/words.js';
import { Text } from '../../http/input/fields.js';

/** A code that links its owner in the chat. */
export class ChatLinkCodeDto {
  /** The code, good once. */
  code!: string;

  /** What to write in the chat. */
  say!: string;

  /** Until when it is good: ISO 8601, UTC. */
  expires_at!: string;
}

/** A code as an answer shows it. */
export const CHAT_LINK_CODE_EXAMPLE: ChatLinkCodeDto = {
  code: 'K7QF-2M9D',
  say: '/jockey link K7QF-2M9D',
  expires_at: '2026-11-21T03:46:00.000Z',
};

/** Somebody of a chat, linked with a login of GitHub. */
export class ChatLinkDto {
  /** Its id. */
  id!: string;

  /** The workspace, as the chat calls it. */
  team_id!: string;

  /** The person there. */
  user_id!: string;

  /** The login on GitHub, whose rights count. */
  login!: string;

  /** When it was linked: ISO 8601, UTC. */
  created_at!: string;
}

/** A link as an answer shows it. */
export const CHAT_LINK_EXAMPLE: ChatLinkDto = {
  id: '3',
  team_id: 'T1DC2JH3J',
  user_id: 'U2CERLKJA',
  login: 'octocat',
  created_at: '2026-11-21T03:36:00.000Z',
};

/** What a slash command is answered with. */
export class SlackAnswerDto {
  /** `ephemeral`: only who asked sees it; `in_channel`: all do. */
  response_type!: string;

  /** What is said. */
  text!: string;
}

/** An answer as Slack gets it. */
export const SLACK_ANSWER_EXAMPLE: SlackAnswerDto = {
  response_type: 'in_channel',
  text: 'Deploy 42: 0d1b2c3d4e5f of shop to production.',
};

/** What ids of chats are made of. */
const CHAT_ID = {
  max: 100,
  pattern: /^[\w.:@-]+$/,
  shape: 'an id of the chat: letters, digits and . _ : @ -',
} as const;

/** A line that somebody said in a chat. */
export class ChatMessageDto {
  /** The workspace, server or team, as the chat calls it; the same for all people of one chat. */
  @Text({ ...CHAT_ID, example: 'hubot-shell' })
  team_id!: string;

  /** The person there, by an id that nobody else can take. */
  @Text({ ...CHAT_ID, example: 'U2CERLKJA' })
  user_id!: string;

  /** The line, without the name of the bot; an empty one says what there is. */
  @Text({ min: 0, max: LONGEST, shape: 'a command', example: 'deploy shop production main' })
  text!: string;
}
