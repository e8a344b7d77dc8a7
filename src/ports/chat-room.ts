/** A message that Jockey writes. */
export interface ChatMessage {
  /** The channel, as the chat calls it. */
  readonly channel: string;
  /** The message that it hangs on; null for one of its own. */
  readonly thread: string | null;
  /** Plain text; what it says is never taken for the chat's own marks. */
  readonly text: string;
}

/** The chat that people speak to Jockey in. */
export interface ChatRoom {
  /** Whether Jockey may write by itself, without having been asked. */
  readonly mayPost: boolean;
  /**
   * Writes a message, and answers what the chat calls it. Throws `unavailable` for what may pass, `unprocessable_entity`
   * with the chat's reason for what will not.
   */
  post(message: ChatMessage): Promise<string>;
  /** Answers a command at the address that came with it; others are refused. Throws as `post` does. */
  answer(responseUrl: string, text: string): Promise<void>;
}

/** Injection token of {@link ChatRoom}. */
export const CHAT_ROOM = Symbol('ChatRoom');
