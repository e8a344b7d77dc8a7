import { VERBS } from '../../clients/cli/src/catalog.js';
import { WITHOUT_VERB } from '../../clients/cli/src/coverage.js';
import { MEANING_OF_EXIT } from '../../clients/cli/src/exit-codes.js';
import { COMMON } from '../../clients/cli/src/options.js';
import type { Argument, Option, Verb } from '../../clients/cli/src/verb.js';

const HEAD = `# The command line

<!-- Generated from clients/cli/src by npm run docs:generate. -->

\`jockey\` is one program without dependencies but Node.js 20. It holds no logic: all that it does, it asks of the API.
Data goes to stdout, everything else to stderr. On a terminal tables fit its columns; what is piped is whole.

## Who asks, and where

\`jockey login --url https://jockey.example.com\` shows a code to type in at GitHub, and keeps address and token in
\`~/.jockeyrc\`, which its owner alone may read. \`jockey login --with-token < FILE\` keeps any token that Jockey takes. The
variables count more than the file:

| Variable              | In \`~/.jockeyrc\`       | What it is                                            |
| --------------------- | ---------------------- | ----------------------------------------------------- |
| \`JOCKEY_URL\`          | \`jockey_url\`           | Where Jockey is                                       |
| \`JOCKEY_OAUTH_TOKEN\`  | \`github_oauth_token\`   | Who asks: a token of GitHub, or an API token          |
| \`NO_COLOR\`            |                        | No colours, where it is set                           |
| \`NODE_EXTRA_CA_CERTS\` |                        | The file of an authority of one's own that is trusted |

## Which app

By \`--app\` and \`--environment\`; else by \`.jockey.yml\` in the folder one stands in, or above it in the same checkout:

\`\`\`yaml
app: shop
environment: staging
worker: web
\`\`\`

else the app that is built from the repository of the remote \`origin\`, in \`production\`. That file holds names alone: no
checkout of somebody else can say where a token is sent.

## JSON

With \`--json\` stdout is one JSON document: the \`data\` of the API's answer, as the schema that stands with each verb
says ([openapi.json](openapi.json)). A failure is one line on stderr:
\`{"error": {"code", "message", "hint", "exit_code"}}\`, where \`code\` is one of the API's, or \`cli\`.
`;

/** The page about the CLI, from the table of its verbs. */
export function cliPage(): string {
  return [
    HEAD,
    '## Exit codes\n',
    table(['Code', 'Meaning'], Object.entries(MEANING_OF_EXIT)),
    '## Options of every verb\n',
    optionLines(COMMON),
    '## Verbs\n',
    table(
      ['Verb', 'What it does'],
      VERBS.map((verb) => [`[\`${verb.name}\`](#${anchor(verb)})`, verb.about]),
    ),
    ...VERBS.flatMap(verbLines),
    '## Operations without a verb\n',
    'Every other operation of the API has a verb; a test holds the two against each other.\n',
    table(
      ['Operation', 'Why'],
      Object.entries(WITHOUT_VERB).map(([name, why]) => [`\`${name}\``, why]),
    ),
  ].join('\n');
}

/** As GitHub makes it of the heading. */
const anchor = ({ name }: Verb): string => `jockey-${name.replaceAll(':', '')}`;

function verbLines(verb: Verb): readonly string[] {
  const { name, about, more, takes = [], options = [], examples = [], json } = verb;
  const words = takes.map(syntaxOf).join(' ');
  return [
    `### jockey ${name}\n`,
    `\`jockey ${name}${words === '' ? '' : ` ${words}`}\`: ${about}.${more === undefined ? '' : ` ${more}`}\n`,
    ...(takes.length + options.length === 0 ? [] : [`${argumentLines(takes)}${optionLines(options)}`]),
    ...(examples.length === 0 ? [] : [examplesOf(examples)]),
    `\`--json\`: ${json}.\n`,
  ];
}

const syntaxOf = ({ name, optional, many }: Argument): string => {
  const inside = `${name}${many === true ? '…' : ''}`;
  return optional === true ? `[${inside}]` : inside;
};

const argumentLines = (takes: readonly Argument[]): string =>
  takes.map(({ name, about }) => `- \`${name}\`: ${escaped(about)}\n`).join('');

const optionLines = (options: readonly Option[]): string =>
  options.map(({ flags, about }) => `- \`${flags}\`: ${escaped(about)}\n`).join('');

const examplesOf = (examples: readonly string[]): string =>
  `\`\`\`console\n${examples.map((line) => `$ jockey ${line}`).join('\n')}\n\`\`\`\n`;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows.map((row) => row.map(escaped))];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
