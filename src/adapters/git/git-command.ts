import { spawn, type ChildProcess } from 'node:child_process';
import { PassThrough, Readable, type Writable } from 'node:stream';

/** Configuration handed to git through its environment, where no process list and no error shows it. */
export type GitConfig = Readonly<Record<string, string>>;

/** What git reads: all at once, or as it comes. */
export type GitInput = string | Buffer | Readable;

/** How git is run. */
export interface GitRun {
  /** A bare repository; none for a question to a server. */
  readonly repository?: string;
  /** The protocols that git may speak, by name; none for a question to the cache alone. */
  readonly protocols: readonly string[];
  readonly config: GitConfig;
  /** The file that stands in for the user's own configuration. */
  readonly configFile: string;
  readonly signal: AbortSignal;
  /** What it reads from its standard input; none for nothing. */
  readonly input?: GitInput;
  /** How the bytes that it writes are read as text: UTF-8, or one character for each byte. */
  readonly encoding?: 'utf8' | 'latin1';
  /** The index that takes the place of the repository's own. */
  readonly index?: string;
}

/** git answered with an error. */
export class GitError extends Error {
  constructor(
    /** What git wrote to its standard error. */
    readonly words: string,
  ) {
    super(sentenceIn(words));
    this.name = 'GitError';
  }
}

/** Most that git may answer to a question, in bytes. */
const MOST_OUTPUT = 32 * 1024 * 1024;
/** How much of git's complaint is kept, in characters: its end. */
const MOST_WORDS = 16 * 1024;
/** Time between the signal that lets git tidy up and the one that does not, in milliseconds. */
const GRACE = 1_000;

/** Runs git with an argument array and answers what it wrote. Throws {@link GitError}, or the reason of the signal. */
export async function git(args: readonly string[], run: GitRun): Promise<string> {
  run.signal.throwIfAborted();
  const child = start(args, run);
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MOST_OUTPUT) chunks.push(chunk);
  });
  await ended(child, run.signal);
  if (size > MOST_OUTPUT) throw new GitError(`git answered with more than ${MOST_OUTPUT} bytes`);
  return Buffer.concat(chunks).toString(run.encoding ?? 'utf8');
}

/** Runs git and answers its output as a stream, which ends only when git has ended well, and else errs. */
export function gitStream(args: readonly string[], run: GitRun): Readable {
  run.signal.throwIfAborted();
  const unread = new AbortController();
  const signal = AbortSignal.any([run.signal, unread.signal]);
  const child = start(args, run);
  const output = new PassThrough();
  child.stdout?.pipe(output, { end: false });
  output.once('close', () => unread.abort(new Error('the files are not wanted any more')));
  ended(child, signal).then(
    () => output.end(),
    (error: Error) => output.destroy(error),
  );
  return output;
}

/** Its own process group: git leaves the programs that speak to servers behind when it alone is ended. */
function start(args: readonly string[], run: GitRun): ChildProcess {
  const before = run.repository === undefined ? [] : [`--git-dir=${run.repository}`];
  const child = spawn('git', [...before, ...args], {
    env: environmentOf(run),
    stdio: [run.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // A git that has ended reads no more; why it ended is told by its end.
  child.stdin?.on('error', () => undefined);
  if (run.input instanceof Readable) run.input.pipe(child.stdin as Writable);
  else child.stdin?.end(run.input);
  return child;
}

/** Resolves when git has ended well and all that it wrote was handed on. */
async function ended(child: ChildProcess, signal: AbortSignal): Promise<void> {
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-MOST_WORDS)));
  let killing: NodeJS.Timeout | undefined;
  const stop = () => {
    signalGroup(child, 'SIGTERM');
    child.stdout?.unpipe();
    child.stdout?.resume();
    killing = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const how = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
      child.once('error', (error) => reject(new GitError(`git could not be started: ${error.message}`)));
      child.once('close', (code, by) => resolve(code ?? by ?? 'SIGKILL'));
    });
    signal.throwIfAborted();
    if (how !== 0) throw new GitError(words.trim() === '' ? `git ended with ${how}` : words);
  } finally {
    clearTimeout(killing);
    signal.removeEventListener('abort', stop);
  }
}

function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // The group has ended already.
  }
}

/** Nothing of the machine's own git configuration counts, and nobody is asked for a password. */
function environmentOf({ protocols, config, configFile, index }: GitRun): NodeJS.ProcessEnv {
  const entries = Object.entries(config);
  const numbered = entries.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: configFile,
    GIT_TERMINAL_PROMPT: '0',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oConnectTimeout=15 -oServerAliveInterval=15',
    GIT_ALLOW_PROTOCOL: protocols.join(':'),
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
    GIT_CONFIG_COUNT: String(entries.length),
    ...(Object.fromEntries(numbered) as Record<string, string>),
  };
}

/** The line that says what is wrong, without who may have been named in an address. */
function sentenceIn(words: string): string {
  const lines = words.split('\n').map((line) => line.trim());
  const line = lines.find((each) => /^(fatal|error|remote):/.test(each)) ?? lines.find((each) => each !== '');
  return (line ?? 'git failed').replace(/^(fatal|error|remote): /, '').replace(/:\/\/[^/@\s]*@/g, '://');
}
