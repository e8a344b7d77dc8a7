import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { RegistryAnswer } from './registry-request.js';

/** What OpenSSL says of a peer that does not speak TLS. */
const NO_TLS = /wrong version number|packet length too long|EPROTO/i;

/** What OpenSSL says of a certificate that nobody who is trusted signed. */
const UNKNOWN_AUTHORITY = /unable to (verify the first|get local issuer) certificate|self[- ]signed certificate/i;

/** A registry that was not reached: who, and what to do where that is known. */
export function silentRegistry(registry: string, error: unknown): DomainError {
  const words = sentenceOf(error);
  if (NO_TLS.test(words))
    return unavailable(
      `the registry ${registry}`,
      `it speaks no TLS; if that is meant to be, REGISTRY_PLAIN_HTTP names it`,
    );
  if (UNKNOWN_AUTHORITY.test(words))
    return unavailable(`the registry ${registry}`, `${words}; REGISTRY_CA_FILE names the file of its authority`);
  return unavailable(`the registry ${registry}`, words);
}

/** Who asks: the user's name, or null where nobody was named. */
export interface Asker {
  readonly registry: string;
  readonly username: string | null;
}

/** A registry that does not know who asks, or not with this password. */
export function refusedUser({ registry, username }: Asker): DomainError {
  const who =
    username === null
      ? 'asks who it is: set REGISTRY_USERNAME and REGISTRY_PASSWORD'
      : `does not take the password of ${username}: check REGISTRY_USERNAME and REGISTRY_PASSWORD`;
  return new DomainError('unprocessable_entity', `the registry ${registry} ${who}`);
}

/** Any other answer that is not the one that was hoped for; `to` in words that follow "could not". */
export function refusal({ registry, username }: Asker, to: string, answer: RegistryAnswer): DomainError {
  const { status } = answer;
  if (status >= 500 || status === 429)
    return unavailable(`the registry ${registry}`, `could not ${to}: HTTP ${status}`);
  const words = errorsOf(answer);
  if (status === 403)
    return new DomainError(
      'unprocessable_entity',
      `the registry ${registry} does not let ${username ?? 'everybody'} ${to}: ${words}`,
    );
  if (status === 405 || /UNSUPPORTED/.test(words))
    return new DomainError(
      'unprocessable_entity',
      `the registry ${registry} could not ${to}: deletion is switched off there (storage.delete.enabled of its configuration)`,
    );
  return new DomainError('unprocessable_entity', `the registry ${registry} could not ${to}: ${words}`);
}

/** The errors that a registry answers with, as https://github.com/opencontainers/distribution-spec has them. */
function errorsOf({ status, body }: RegistryAnswer): string {
  try {
    const { errors } = JSON.parse(body.toString()) as { errors?: { code?: unknown; message?: unknown }[] };
    const words = (errors ?? []).map(({ code, message }) => `${String(code)} ${String(message)}`).join('; ');
    return words === '' ? `HTTP ${status}` : words.slice(0, 300);
  } catch {
    return `HTTP ${status}`;
  }
}
