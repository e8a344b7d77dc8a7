import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { runProgram } from '../../clients/cli/src/program.js';
import type { World } from '../../clients/cli/src/world.js';

/** What a run of the program left. */
export interface CliRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How one run differs from the others of its machine. */
export interface CliRunOptions {
  /** Variables over those of the machine. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What is piped in; a terminal where nothing is. */
  readonly stdin?: string;
  /** The columns of the terminal; output is piped where nothing is said. */
  readonly columns?: number;
}

class Heard extends Writable {
  text = '';
  readonly isTTY: boolean;

  constructor(readonly columns: number | undefined) {
    super();
    this.isTTY = columns !== undefined;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A machine on which the CLI is run: a home, a folder and variables of its own. */
export class CliMachine {
  private constructor(
    readonly home: string,
    readonly folder: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** `remove` it in `afterAll`. */
  static async make(environment: Readonly<Record<string, string>>): Promise<CliMachine> {
    const [home, folder] = [await newFolder(), await newFolder()];
    return new CliMachine(home, folder, environment);
  }

  /** Runs one command line, without the program's own name. */
  async run(line: readonly string[], { environment, stdin, columns }: CliRunOptions = {}): Promise<CliRun> {
    const [stdout, stderr] = [new Heard(columns), new Heard(columns)];
    const world: World = {
      environment: { ...this.environment, ...environment },
      stdin: stdin === undefined ? Object.assign(Readable.from([]), { isTTY: true }) : Readable.from([stdin]),
      stdout: stdout as unknown as World['stdout'],
      stderr: stderr as unknown as World['stderr'],
      folder: this.folder,
      home: this.home,
      onInterrupt: () => () => undefined,
    };
    const exit = await runProgram(line, world);
    return { exit, stdout: stdout.text, stderr: stderr.text };
  }

  async remove(): Promise<void> {
    await Promise.all([this.home, this.folder].map((each) => rm(each, { recursive: true, force: true })));
  }
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'jockey-cli-'));
