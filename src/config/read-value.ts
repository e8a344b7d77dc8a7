/** What counts as a URL: the hosts of a company need no public suffix. */
export const URL_RULE = { require_tld: false, require_protocol: true };

/** A number where one is written, else the text, so that the rule names what is wrong with it. */
export const toNumber = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^-?[0-9]+$/.test(value) ? Number(value) : value;

/** A yes or no where one is written, else the text. */
export const toBoolean = ({ value }: { value: unknown }): unknown =>
  value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value;
