import type { Host } from '../domain/host/host.js';

/** How large a terminal is, in characters. */
export interface ConsoleSize {
  readonly columns: number;
  readonly rows: number;
}

/** Something that a program printed; of one with a terminal all is `stdout`. */
export interface ConsoleOutput {
  readonly channel: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/** A connection to a program that runs in a container. */
export interface OpenConsole {
  /**
   * What it prints, as it comes; nothing more is read before what was given is taken. Ends when the program ends and
   * when it is closed; a connection that breaks throws `unavailable`.
   */
  readonly output: AsyncIterable<ConsoleOutput>;
  /** Types; resolves when the connection has taken it, or is gone. */
  write(bytes: Buffer): Promise<void>;
  /** Says that nothing more is typed. */
  endInput(): void;
  /** Lets go of the program, which goes on. */
  close(): void;
}

/** A variable by which what an exec began is found again in its container: Docker has no other way to end it. */
export interface ExecMark {
  readonly name: string;
  readonly value: string;
}

/** What is run in a container that runs already. */
export interface ExecSpec {
  readonly command: readonly string[];
  /** Beside the container's own variables. */
  readonly env: Readonly<Record<string, string>>;
  readonly terminal: boolean;
  readonly input: boolean;
  readonly size: ConsoleSize | null;
}

/** What became of a program in a container; `created`: it was never begun. */
export interface ExecSeen {
  readonly state: 'created' | 'running' | 'exited';
  readonly exitCode: number | null;
}

/**
 * Connections to programs in containers of hosts. A host that does not answer throws a DomainError `unavailable` that
 * names it; what Docker refuses throws `unprocessable_entity` with its words.
 */
export interface ContainerConsoles {
  /** Connects to a container's own program, and hears first what it has printed before; null where there is no such container. */
  attach(host: Host, name: string, how: { readonly terminal: boolean }): Promise<OpenConsole | null>;
  /** Says how large the terminal is now; of a program that has ended it is nothing. */
  resize(host: Host, name: string, size: ConsoleSize): Promise<void>;
  /** Sends a signal to a container's own program; of one that has ended it is nothing. */
  signal(host: Host, name: string, signal: string): Promise<void>;
  /** Makes ready what is to be run in a container, and answers what Docker calls it. */
  createExec(host: Host, name: string, spec: ExecSpec): Promise<string>;
  /** Begins it, once and no more, and connects to it. */
  startExec(host: Host, id: string, how: { readonly terminal: boolean }): Promise<OpenConsole>;
  /** As `resize`. */
  resizeExec(host: Host, id: string, size: ConsoleSize): Promise<void>;
  /**
   * Sends a signal to all in a container that has a variable of this name and value: what an exec was begun with, and
   * whatever that began. It is done by the shell of the image; throws `unprocessable_entity` where there is none.
   */
  signalExec(host: Host, name: string, of: { readonly mark: ExecMark; readonly signal: string }): Promise<void>;
  /** What became of it; null where Docker does not know it any more, as after its container is gone. */
  inspectExec(host: Host, id: string): Promise<ExecSeen | null>;
}

/** Injection token of {@link ContainerConsoles}. */
export const CONTAINER_CONSOLES = Symbol('ContainerConsoles');
