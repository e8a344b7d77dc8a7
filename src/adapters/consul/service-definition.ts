import { createHash } from 'node:crypto';
import type { Registration } from '../../ports/service-registry.js';
import { checkOf, type CheckDefinition } from './check-definition.js';

/** Name of the meta entry by which a registration that stands already is known again. */
export const DEFINITION = 'jockey_definition';

/** A service as Consul's agent wants it. */
export interface ServiceDefinition {
  readonly name: string;
  readonly id: string;
  readonly tags: string[];
  readonly address: string;
  readonly port?: number;
  readonly meta: Record<string, string>;
  readonly check: CheckDefinition;
}

/** The registration with its check, and the digest of all that in its meta. */
export function serviceOf(registration: Registration): ServiceDefinition {
  const { id, service, host, port, tags, meta } = registration;
  const content = {
    name: service,
    id,
    tags: [...tags],
    address: host.address,
    ...(port === null ? {} : { port }),
    check: checkOf(registration),
  };
  return { ...content, meta: { ...meta, [DEFINITION]: digestOf({ ...content, meta: Object.entries(meta).sort() }) } };
}

function digestOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
