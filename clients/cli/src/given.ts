import { usage } from './errors.js';

/** Words by the name of their argument. */
type Words = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What was typed behind a verb. */
export class Given {
  constructor(
    private readonly words: Words,
    private readonly options: Readonly<Record<string, unknown>>,
  ) {}

  /** A word that has to be there; the program has seen to it. */
  argument(name: string): string {
    return this.maybe(name) ?? missing(name);
  }

  /** A word that may be left out. */
  maybe(name: string): string | undefined {
    const word = this.words[name];
    return typeof word === 'string' ? word : undefined;
  }

  /** The words of an argument that takes many. */
  rest(name: string): readonly string[] {
    const words = this.words[name];
    return Array.isArray(words) ? (words as readonly string[]) : [];
  }

  /** The value of an option by its long name in camel case: `callbackUrl`. */
  text(option: string): string | undefined {
    const value = this.options[option];
    return typeof value === 'string' ? value : undefined;
  }

  /** The values of an option that may be said more than once. */
  texts(option: string): readonly string[] {
    const values = this.options[option];
    return Array.isArray(values) ? (values as readonly string[]) : [];
  }

  /** Whether a flag was set; `--no-wait` is `flag('wait')`, true unless it was said. */
  flag(option: string): boolean {
    return this.options[option] === true;
  }

  /** A whole number from 0 on. */
  count(option: string): number | undefined {
    const text = this.text(option);
    return text === undefined ? undefined : wholeNumber(`--${kebab(option)}`, text);
  }
}

/** The number that the text says; names what it stands for where it says none. */
export function wholeNumber(what: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw usage(`${what} is "${text}", but should be a whole number from 0 on.`);
  return Number(text);
}

const kebab = (option: string): string => option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function missing(name: string): never {
  throw usage(`${name} is missing.`);
}
