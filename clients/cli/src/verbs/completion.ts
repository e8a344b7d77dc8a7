import { VERBS } from '../catalog.js';
import { usage } from '../errors.js';
import { COMMON, takesValue, wordsOf } from '../options.js';
import type { Option, Run, Verb } from '../verb.js';

/** `completion SHELL` */
export const completion: Run = ({ output }, given) => {
  const shell = given.argument('SHELL');
  const script = SHELLS[shell];
  if (script === undefined)
    throw usage(`There is no completion for "${shell}": say ${Object.keys(SHELLS).join(', ')}.`);
  output.line(script());
  return Promise.resolve();
};

const SHELLS: Readonly<Record<string, () => string>> = { bash, zsh, fish };

const optionsOf = ({ options = [] }: Verb): readonly string[] => [...options, ...COMMON].flatMap(wordsOf);

/** Text within single quotes, for any of the shells. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function bash(): string {
  const cases = VERBS.map((verb) => `    ${verb.name}) words=${quoted(optionsOf(verb).join(' '))} ;;`);
  return [
    '# Completion of jockey for bash: words of the verb, else the verbs. A colon belongs to the word.',
    '_jockey() {',
    '  local word verb words',
    '  word=${COMP_LINE:0:$COMP_POINT}; word=${word##* }',
    '  verb=${COMP_LINE#* }; verb=${verb%% *}',
    '  words=""',
    '  if [ "$verb" = "$word" ]; then',
    `    words=${quoted(VERBS.map(({ name }) => name).join(' '))}`,
    '  else case "$verb" in',
    ...cases,
    '  esac; fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '  case "$word" in *:*) COMPREPLY=("${COMPREPLY[@]#"${word%:*}:"}") ;; esac',
    '}',
    'complete -F _jockey jockey',
  ].join('\n');
}

function zsh(): string {
  const escaped = (name: string): string => name.replaceAll(':', '\\:');
  const verbs = VERBS.map(({ name, about }) => `    ${quoted(`${escaped(name)}:${about}`)}`);
  const cases = VERBS.map((verb) => `    ${verb.name}) compadd -- ${optionsOf(verb).join(' ')} ;;`);
  return [
    '#compdef jockey',
    '_jockey() {',
    '  local -a verbs',
    '  verbs=(',
    ...verbs,
    '  )',
    '  if (( CURRENT == 2 )); then _describe verb verbs; return; fi',
    '  case "$words[2]" in',
    ...cases,
    '  esac',
    '}',
    'if [ "$funcstack[1]" = "_jockey" ]; then _jockey "$@"; else compdef _jockey jockey; fi',
  ].join('\n');
}

function fish(): string {
  const verb = ({ name, about }: Verb): string =>
    `complete -c jockey -n __fish_use_subcommand -f -a ${quoted(name)} -d ${quoted(about)}`;
  const option = (name: string, { flags, about }: Option): string => {
    const words = wordsOf({ flags }).map((word) =>
      word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`,
    );
    const value = takesValue({ flags }) ? ' -x' : '';
    return `complete -c jockey -n ${quoted(`__fish_seen_subcommand_from ${name}`)} ${words.join(' ')}${value} -d ${quoted(about)}`;
  };
  return [
    ...VERBS.map(verb),
    ...VERBS.flatMap((each) => (each.options ?? []).map((one) => option(each.name, one))),
    ...COMMON.map((one) => option(VERBS.map(({ name }) => name).join(' '), one)),
  ].join('\n');
}
