import { randomUUID } from 'node:crypto';
import { Duplex } from 'node:stream';
import type { handleUnaryCall, MethodDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type Docker from 'dockerode';
import { DomainError } from '../../../domain/kernel/errors.js';
import type { Credentials } from '../docker-images.js';
import { decode, encode } from './buildkit-messages.js';
import { postForConnection } from './docker-dial.js';

/** What a build may ask for while it runs. */
export interface SessionOffer {
  /** Values by id, for `RUN --mount=type=secret,id=…`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** For base images and layers to be used again, at this one registry; null for a registry that asks nobody. */
  readonly credentials: Credentials;
}

/** A connection over which BuildKit asks back. */
export interface BuildSession {
  /** What a build names it by. */
  readonly id: string;
  close(): void;
}

const GET_SECRET = '/moby.buildkit.secrets.v1.Secrets/GetSecret';
const CREDENTIALS = '/moby.filesync.v1.Auth/Credentials';

/** BuildKit asks it once a second, and gives a session up that does not answer: what a late step needs is then not had. */
const HEALTH = '/grpc.health.v1.Health/Check';

/** gRPC's number for a service that serves. */
const SERVING = 1;

/** gRPC's number for what is not there: BuildKit then says that the secret is not found, or goes on without it. */
const NOT_FOUND = 5;

/**
 * Opens a session: the Engine's API hands over the connection, and BuildKit speaks gRPC to us on it. What may be asked
 * for has to be told up front, method by method, else BuildKit never asks. gRPC is loaded only here: most builds ask for
 * nothing, and it takes long to load.
 */
export async function openSession(docker: Docker, offer: SessionOffer): Promise<BuildSession> {
  const { Server, ServerCredentials } = await import('@grpc/grpc-js');
  const id = randomUUID();
  const connection = await postForConnection(docker, {
    path: '/session',
    headers: {
      Upgrade: 'h2c',
      'X-Docker-Expose-Session-Uuid': id,
      'X-Docker-Expose-Session-Name': 'jockey',
      'X-Docker-Expose-Session-Grpc-Method': [GET_SECRET, CREDENTIALS, HEALTH],
    },
  });
  if (!(connection instanceof Duplex))
    throw new DomainError('unprocessable_entity', 'Docker opened no session for a build: BuildKit comes with 18.09');
  const server = new Server();
  server.addService(SERVICE, answersOf(offer));
  server.createConnectionInjector(ServerCredentials.createInsecure()).injectConnection(quiet(connection));
  return {
    id,
    close: () => {
      server.forceShutdown();
      connection.destroy();
    },
  };
}

/** A session that breaks ends the build with its own words; the error of the connection says nothing more. */
function quiet(connection: Duplex): Duplex {
  return connection.on('error', () => undefined);
}

function answersOf({ secrets, credentials }: SessionOffer): UntypedServiceImplementation {
  const getSecret: handleUnaryCall<{ ID: string }, object> = ({ request: { ID } }, answer) => {
    const value = Object.hasOwn(secrets, ID) ? secrets[ID] : undefined;
    if (value === undefined) answer({ code: NOT_FOUND, details: `the app has no build secret ${ID}` });
    else answer(null, { data: Buffer.from(value, 'utf8') });
  };
  const giveCredentials: handleUnaryCall<{ Host: string }, object> = ({ request: { Host } }, answer) =>
    answer(null, credentialsFor(Host, credentials));
  const sayHealth: handleUnaryCall<object, object> = (_call, answer) => answer(null, { status: SERVING });
  return { getSecret, giveCredentials, sayHealth };
}

/** Credentials are for their own registry alone: a Dockerfile may name any other. */
export function credentialsFor(host: string, credentials: Credentials): { Username?: string; Secret?: string } {
  if (credentials === null || credentials.serveraddress !== host) return {};
  return { Username: credentials.username, Secret: credentials.password };
}

const SERVICE = {
  getSecret: unary(GET_SECRET, 'GetSecretRequest', 'GetSecretResponse'),
  giveCredentials: unary(CREDENTIALS, 'CredentialsRequest', 'CredentialsResponse'),
  sayHealth: unary(HEALTH, 'HealthCheckRequest', 'HealthCheckResponse'),
};

function unary(path: string, request: string, response: string): MethodDefinition<object, object> {
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: (value) => encode(request, value as Record<string, unknown>),
    requestDeserialize: (bytes) => decode(request, bytes),
    responseSerialize: (value) => encode(response, value as Record<string, unknown>),
    responseDeserialize: (bytes) => decode(response, bytes),
  };
}
