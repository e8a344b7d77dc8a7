import { LISTING } from '../options.js';
import type { Argument, Option, Verb } from '../verb.js';

/**
 * A verb that makes one request and shows its answer: most of what the API has needs no code here, only a line that
 * says which words go where. A test compares paths, methods, columns and fields with docs/openapi.json.
 */
export interface PlainVerb extends Pick<Verb, 'name' | 'about' | 'more' | 'examples' | 'takes' | 'options' | 'json'> {
  /** The `operationId` that it calls. */
  readonly operation: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Where the parts of the path come from: the name of an argument, or `app`, or `environment`. */
  readonly parts?: Readonly<Record<string, string>>;
  /** Parameters of the query that options of the same name give. */
  readonly query?: readonly string[];
  /** Parameters of the query that have to be there: the app and the environment one means. */
  readonly placed?: readonly ('app' | 'environment')[];
  /** Filters of a list: an app or an environment that was said, or stands in the project file. */
  readonly filters?: readonly ('app' | 'environment')[];
  /** Fields of the body by where they come from: the name of an argument, `app`, `environment`, or `--option`. */
  readonly body?: Readonly<Record<string, string>>;
  /** Whether it takes further fields of the body as `FIELD=VALUE`, and whole bodies by `--input`. */
  readonly fields?: true;
  /** Columns of a list as `HEAD path.to.field`; those behind the third are left out first on a narrow terminal. */
  readonly columns?: readonly string[];
  /** Whether the answer is text and not JSON. */
  readonly text?: true;
}

const FIELDS: Argument = {
  name: 'FIELD=VALUE',
  about: 'fields, by their names in the API (docs/openapi.json)',
  optional: true,
  many: true,
};

const INPUT: Option = { flags: '--input FILE', about: 'fields from a file of JSON or YAML; - is what is piped in' };

/** A verb, and the request that it stands for. */
export interface RequestVerb extends Verb {
  readonly request: PlainVerb;
}

/** The plain verb as every other: its code is one for all, read when one is asked for. */
export function plain(verb: PlainVerb): RequestVerb {
  const { name, about, more, examples, json, operation, fields, columns, takes = [], options = [] } = verb;
  return {
    name,
    about,
    json,
    request: verb,
    calls: [operation],
    ...(more === undefined ? {} : { more }),
    ...(examples === undefined ? {} : { examples }),
    takes: [...takes, ...(fields === true ? [FIELDS] : [])],
    options: [...options, ...(fields === true ? [INPUT] : []), ...(columns === undefined ? [] : LISTING)],
    load: async () => (await import('./run-plain.js')).runPlain(verb),
  };
}
