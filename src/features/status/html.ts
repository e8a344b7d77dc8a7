/** A piece of a page. Only {@link html} makes one, so that whatever is in it was escaped. */
export class Html {
  private constructor(readonly text: string) {}

  /** For {@link html} alone: the template is ours, and each value was written for it. */
  static of(parts: readonly string[], values: readonly Content[]): Html {
    return new Html(parts.map((part, at) => part + written(values[at])).join(''));
  }
}

/** What may stand in a page: text is escaped, pieces and lists of them stay, and what is not there leaves nothing. */
export type Content = Html | string | number | null | undefined | false | readonly Content[];

/**
 * A piece of a page. Values are escaped for texts and for attributes in double quotes, which are the only places in which
 * our templates have them: there is no way to let one through as it is.
 */
export const html = (parts: TemplateStringsArray, ...values: readonly Content[]): Html => Html.of(parts, values);

/** Between elements that should not touch. */
export const NOTHING = html``;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function written(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(written).join('');
  return readable(String(value)).replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? '');
}

/** Control characters are no part of HTML: what a program printed may hold them. */
const readable = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '\ufffd');
