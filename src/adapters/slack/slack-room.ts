import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { ChatMessage, ChatRoom } from '../../ports/chat-room.js';

/** How Slack is reached. */
export interface SlackSettings {
  readonly apiUrl: string;
  readonly hooksUrl: string;
  readonly botToken: string | undefined;
  /** How long one answer may take, in milliseconds. */
  readonly patience?: number;
}

const PATIENCE = 10_000;

/** Longest text of a message, in characters: https://docs.slack.dev/reference/methods/chat.postMessage/#truncating. */
const LONGEST = 4000;

/** Slack, by its Web API and the addresses for answers to slash commands. */
export class SlackRoom implements ChatRoom {
  constructor(private readonly settings: SlackSettings) {}

  get mayPost(): boolean {
    return this.settings.botToken !== undefined;
  }

  async post({ channel, thread, text }: ChatMessage): Promise<string> {
    const body = {
      channel,
      text: escaped(text),
      unfurl_links: false,
      ...(thread === null ? {} : { thread_ts: thread }),
    };
    const response = await this.send(`${this.settings.apiUrl}/chat.postMessage`, body, this.settings.botToken);
    const answer = (await response.json().catch(() => ({}))) as { ok?: boolean; ts?: string; error?: string };
    if (answer.ok === true && typeof answer.ts === 'string') return answer.ts;
    throw new DomainError(
      'unprocessable_entity',
      `Slack refused the message: ${answer.error ?? 'it did not say why'}.`,
    );
  }

  async answer(responseUrl: string, text: string): Promise<void> {
    if (!this.takesAnswers(responseUrl))
      throw new DomainError('unprocessable_entity', `Answers go to ${this.settings.hooksUrl} alone.`);
    const response = await this.send(responseUrl, { response_type: 'in_channel', text: escaped(text) });
    if (!response.ok) throw new DomainError('unprocessable_entity', `Slack refused the answer: ${response.status}.`);
  }

  /** The same scheme, host and port; nothing that a request brings sends Jockey elsewhere. */
  private takesAnswers(url: string): boolean {
    return URL.canParse(url) && new URL(url).origin === new URL(this.settings.hooksUrl).origin;
  }

  /** Throws `unavailable` for what may pass: no answer, too many messages, a fault of Slack. */
  private async send(url: string, body: object, token?: string): Promise<Response> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(this.settings.patience ?? PATIENCE),
      });
      if (response.status === 429 || response.status >= 500) throw new Error(`it answered ${response.status}`);
      return response;
    } catch (error) {
      throw unavailable('Slack', sentenceOf(error));
    }
  }
}

/** The three characters that Slack reads: https://docs.slack.dev/messaging/formatting-message-text#escaping. */
function escaped(text: string): string {
  const cut = text.length <= LONGEST ? text : `${text.slice(0, LONGEST)} …`;
  return cut.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
