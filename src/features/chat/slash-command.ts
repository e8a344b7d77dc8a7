/** A slash command, as Slack sends it: https://docs.slack.dev/interactivity/implementing-slash-commands. */
export interface SlashCommand {
  readonly teamId: string;
  readonly userId: string;
  readonly channel: string;
  readonly text: string;
  readonly responseUrl: string;
}

/** Reads the form of a slash command; null for what is none, as Slack's own checks of the certificate. */
export function readSlashCommand(body: Buffer): SlashCommand | null {
  const form = new URLSearchParams(body.toString('utf8'));
  const [teamId, userId, channel] = [form.get('team_id'), form.get('user_id'), form.get('channel_id')];
  if (!isName(teamId) || !isName(userId) || !isName(channel)) return null;
  return { teamId, userId, channel, text: form.get('text') ?? '', responseUrl: form.get('response_url') ?? '' };
}

/** Ids of Slack are capital letters and digits. */
const isName = (text: string | null): text is string => text !== null && /^[A-Z0-9]{1,64}$/.test(text);
