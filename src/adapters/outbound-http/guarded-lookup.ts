import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { DomainError } from '../../domain/kernel/errors.js';
import { type OutboundRules, refusalOfIp } from '../../domain/outbound/outbound-rules.js';

/** Every address of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** As the system does, `/etc/hosts` included. */
export const resolveBySystem: Resolve = (host) =>
  new Promise((resolve, reject) => {
    lookup(host, { all: true, verbatim: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });

/**
 * Resolves for a connection: what it answers is what is connected to, so a name that leads elsewhere the next time it is
 * asked gains nothing. One address that is not allowed refuses them all.
 */
export function guardedLookup(rules: OutboundRules, resolve: Resolve): LookupFunction {
  return (host, { all }, done) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        const refusal = addresses.map(({ address }) => refusalOfIp(rules, address, host)).find((each) => each !== null);
        if (refusal !== undefined)
          done(new DomainError('unprocessable_entity', `The address at ${host} ${refusal}`), '');
        else if (first === undefined) done(new Error(`${host} has no address`), '');
        else if (all === true) done(null, [...addresses]);
        else done(null, first.address, first.family);
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), ''),
    );
  };
}
