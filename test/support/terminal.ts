import { randomUUID } from 'node:crypto';
import { requirePrograms } from '../../tools/machine/packages.js';
import { run } from '../../tools/machine/run.js';
import { eventually } from './eventually.js';

/** How large a terminal is, and what its shell starts with. */
export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly folder: string;
  /** The whole environment of the shell, but for what tmux adds. */
  readonly env: Readonly<Record<string, string>>;
}

/** How long is waited for something to appear, in seconds: a slow machine deploys slowly. */
const DEADLINE = 120;

/** A real terminal with a shell in it, as a person sits at it; tmux holds it. */
export class Terminal {
  private constructor(private readonly socket: string) {}

  static async open({ columns = 80, rows = 24, folder, env }: TerminalOptions): Promise<Terminal> {
    await requirePrograms(['tmux']);
    const terminal = new Terminal(`jockey-${randomUUID()}`);
    const variables = Object.entries({ ...env, PS1: '$ ' }).map(([name, value]) => `${name}=${value}`);
    const size = ['-x', String(columns), '-y', String(rows)];
    await terminal.tmux('new-session', '-d', ...size, '-c', folder, 'env', '-i', ...variables, 'TERM=screen', 'sh');
    await terminal.shows(/^\$ ?$/m);
    return terminal;
  }

  /** Types a line, and Enter. */
  async enter(line: string): Promise<void> {
    await this.tmux('send-keys', '-l', line);
    await this.press('Enter');
  }

  /** Presses a key: `C-c`, `Enter`. */
  async press(key: string): Promise<void> {
    await this.tmux('send-keys', key);
  }

  /** Drags the window to another size. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** What stands on the screen now, without the spaces at the ends of its lines. */
  async screen(): Promise<string> {
    return (await this.tmux('capture-pane', '-p')).trimEnd();
  }

  /** Clears the screen, and what the shell said before. */
  async clear(): Promise<void> {
    await this.enter('clear');
    await eventually('the screen is clear', async () => (await this.screen()).split('\n').length === 1, DEADLINE);
  }

  /** The screen as soon as it shows this; throws with what stands there instead after the deadline. */
  async shows(what: RegExp): Promise<string> {
    let screen = '';
    const look = async () => what.test((screen = await this.screen()));
    await eventually(`the terminal shows ${what}`, look, DEADLINE).catch((error: unknown) => {
      throw new Error(`${String(error)}, but:\n${screen}`, { cause: error });
    });
    return screen;
  }

  /** Ends the shell, and all that runs in it. */
  async close(): Promise<void> {
    await this.tmux('kill-server');
  }

  private tmux(...words: readonly string[]): Promise<string> {
    return run('tmux', ['-f', '/dev/null', '-L', this.socket, ...words]);
  }
}
