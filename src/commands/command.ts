/** What went wrong with a command before anything was asked: the sentence says the way out. */
export class CommandFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandFault';
  }
}

/** The API refused: its sentence. */
export class ApiRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiRefusal';
  }
}

/** Speaks to the API as whoever gave the command, who can do nothing by a command that the API does not let him do. */
export interface Api {
  /** The `data` of the answer. Throws {@link ApiRefusal} for every failure. */
  call<T>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: Readonly<Record<string, unknown>>,
  ): Promise<T>;
}

/** What a command answers. */
export interface Reply {
  /** Lines of plain text. */
  readonly text: string;
  /** Id of the deploy whose end is worth telling too; null where all is said. */
  readonly deploy: string | null;
}

/** What a command was given: the words by the names of its parameters, `true` for a flag. */
export type Given = Readonly<Record<string, string | undefined>>;

/** A word that a command takes. */
export interface Parameter {
  readonly name: string;
  /** One line: what it is. */
  readonly about: string;
  /** Whether it may be left out. */
  readonly optional?: boolean;
  /** Whether it takes all words that are left, as a reason does. */
  readonly rest?: boolean;
}

/** One verb, the same in a chat and in the CLI. */
export interface Command {
  readonly name: string;
  /** One line: what it does. */
  readonly about: string;
  readonly parameters: readonly Parameter[];
  run(given: Given, api: Api): Promise<Reply>;
}

/** A reply after which nothing is to be awaited. */
export const said = (...lines: readonly string[]): Reply => ({ text: lines.join('\n'), deploy: null });
