/** The subprotocol of a console: docs/runs.md. */
export const CONSOLE_PROTOCOL = 'jockey.console.v1';

/** The first byte of a binary frame says what the bytes behind it are. */
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2 } as const;

/** What the client says beside its input. */
export type ToConsole =
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly type: 'signal'; readonly signal: string }
  | { readonly type: 'end_of_input' };

/** How the command ended. */
export interface ConsoleExit {
  readonly type: 'exit';
  readonly exit_code: number | null;
  readonly signal: string | null;
  /** Why it failed, where that is not by itself. */
  readonly reason: string | null;
  /** `failed` of a command that ended with another exit code than 0; there are other ends beside it. */
  readonly outcome?: string | null;
}

/** What comes from the console. */
export type FromConsole =
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Buffer }
  | { readonly type: 'state'; readonly state: string; readonly waiting_for?: string | null }
  | ConsoleExit
  | { readonly type: 'problem'; readonly detail: string; readonly status: number }
  /** Of a newer server. */
  | { readonly type: 'unknown' };

const TOLD: ReadonlySet<unknown> = new Set(['state', 'exit', 'problem']);

/** Input as a frame. */
export function inputFrame(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(CHANNEL.stdin), bytes]);
}

/** What a frame says. */
export function readFrame(data: Buffer, isBinary: boolean): FromConsole {
  return isBinary ? readOutput(data) : readText(data.toString('utf8'));
}

function readOutput(data: Buffer): FromConsole {
  const stream = { [CHANNEL.stdout]: 'stdout', [CHANNEL.stderr]: 'stderr' } as const;
  const name = stream[data[0] as keyof typeof stream];
  return name === undefined ? { type: 'unknown' } : { type: 'output', stream: name, bytes: data.subarray(1) };
}

function readText(text: string): FromConsole {
  try {
    const said = JSON.parse(text) as FromConsole;
    return TOLD.has(said.type) ? said : { type: 'unknown' };
  } catch {
    return { type: 'unknown' };
  }
}
