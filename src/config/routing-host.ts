/** Fixed text beside a placeholder: 40 letters of an app and twice 11 of these fit into a DNS label of 63. */
const FIXED = '[a-z0-9-]{0,10}';
const AROUND = (placeholder: string): string => `(?:[a-z0-9]${FIXED})?\\{${placeholder}\\}(?:${FIXED}[a-z0-9])?`;
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

const inOrder = (first: string, second: string): string =>
  `(?:${LABEL}\\.)*${AROUND(first)}\\.(?:${LABEL}\\.)*${AROUND(second)}(?:\\.${LABEL})*`;

/**
 * A host name with `{app}` and `{environment}` in it, once each and in labels of their own: in one label the names
 * could not be told apart, as both may hold hyphens. At most 150 characters, so that what is filled in stays below the
 * 253 of a host name (RFC 1035).
 */
export const ROUTING_HOST = new RegExp(
  `^(?=.{1,150}$)(?:${inOrder('app', 'environment')}|${inOrder('environment', 'app')})$`,
);
