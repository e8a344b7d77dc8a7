import { execFile, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Configuration handed to git through its environment, where no process list and no error shows it. */
export type GitConfig = Readonly<Record<string, string>>;

/** How git is run. */
export interface GitRun {
  /** A bare repository; none for a question to a server. */
  readonly repository?: string;
  /** The protocols that git may speak, by name. */
  readonly protocols: readonly string[];
  readonly config: GitConfig;
  readonly signal?: AbortSignal;
  /** Milliseconds; none for a stream. */
  readonly timeout?: number;
}

/** git answered with an error. */
export class GitError extends Error {
  constructor(
    /** What git wrote to its standard error. */
    readonly words: string,
    readonly timedOut: boolean,
  ) {
    super(words.trim().split('\n').at(-1) ?? 'git failed');
    this.name = 'GitError';
  }
}

const MOST_OUTPUT = 32 * 1024 * 1024;

/** Runs git with an argument array and answers what it wrote. Throws {@link GitError}. */
export async function git(args: readonly string[], run: GitRun): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: environmentOf(run), maxBuffer: MOST_OUTPUT, timeout: run.timeout ?? 0, signal: run.signal };
    execFile('git', argumentsOf(args, run), options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new GitError(stderr === '' ? error.message : stderr, error.killed === true));
    });
  });
}

/** Runs git and answers its output as a stream, which errs when git does. */
export function gitStream(args: readonly string[], run: GitRun): Readable {
  const child = spawn('git', argumentsOf(args, run), {
    env: environmentOf(run),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: run.signal,
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-4_096)));
  child.on('error', (error) => child.stdout.destroy(error));
  child.on('exit', (code) => {
    if (code !== 0) child.stdout.destroy(new GitError(words === '' ? `git ended with ${code}` : words, false));
  });
  child.stdout.on('close', () => child.kill());
  return child.stdout;
}

function argumentsOf(args: readonly string[], { repository }: GitRun): string[] {
  return [...(repository === undefined ? [] : [`--git-dir=${repository}`]), ...args];
}

/** Nothing of the machine's own git configuration counts, and nobody is asked for a password. */
function environmentOf({ protocols, config }: GitRun): NodeJS.ProcessEnv {
  const entries = Object.entries({ 'safe.directory': '*', ...config });
  const numbered = entries.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    GIT_ALLOW_PROTOCOL: protocols.join(':'),
    GIT_CONFIG_COUNT: String(entries.length),
    ...(Object.fromEntries(numbered) as Record<string, string>),
  };
}
