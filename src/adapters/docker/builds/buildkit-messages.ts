import protobuf from 'protobufjs';

/**
 * The messages of BuildKit that are read and answered here, as its `control.proto`, `secrets.proto` and `auth.proto`
 * number their fields; fields that nobody reads are left out, which protobuf allows.
 */
const MESSAGES = protobuf.Root.fromJSON({
  nested: {
    Timestamp: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
    Vertex: {
      fields: {
        digest: { type: 'string', id: 1 },
        name: { type: 'string', id: 3 },
        cached: { type: 'bool', id: 4 },
        started: { type: 'Timestamp', id: 5 },
        completed: { type: 'Timestamp', id: 6 },
        error: { type: 'string', id: 7 },
      },
    },
    VertexStatus: {
      fields: {
        ID: { type: 'string', id: 1 },
        vertex: { type: 'string', id: 2 },
        total: { type: 'int64', id: 5 },
        completed: { type: 'Timestamp', id: 8 },
      },
    },
    VertexLog: {
      fields: {
        vertex: { type: 'string', id: 1 },
        stream: { type: 'int64', id: 3 },
        msg: { type: 'bytes', id: 4 },
      },
    },
    VertexWarning: {
      fields: { vertex: { type: 'string', id: 1 }, short: { type: 'bytes', id: 3 } },
    },
    StatusResponse: {
      fields: {
        vertexes: { rule: 'repeated', type: 'Vertex', id: 1 },
        statuses: { rule: 'repeated', type: 'VertexStatus', id: 2 },
        logs: { rule: 'repeated', type: 'VertexLog', id: 3 },
        warnings: { rule: 'repeated', type: 'VertexWarning', id: 4 },
      },
    },
    GetSecretRequest: { fields: { ID: { type: 'string', id: 1 } } },
    GetSecretResponse: { fields: { data: { type: 'bytes', id: 1 } } },
    CredentialsRequest: { fields: { Host: { type: 'string', id: 1 } } },
    CredentialsResponse: { fields: { Username: { type: 'string', id: 1 }, Secret: { type: 'string', id: 2 } } },
    HealthCheckRequest: { fields: { service: { type: 'string', id: 1 } } },
    HealthCheckResponse: { fields: { status: { type: 'int32', id: 1 } } },
  },
});

/** A step of a solve, as it stands; it is told again at every change. */
export interface Vertex {
  readonly digest: string;
  /** `[2/5] RUN make`, `[internal] load metadata for …` */
  readonly name: string;
  readonly cached: boolean;
  /** Milliseconds of the host's clock; null for not yet. */
  readonly started: number | null;
  readonly completed: number | null;
  /** Empty for none. */
  readonly error: string;
}

/** A part of a step: a layer that is pulled, an image that is named. */
export interface VertexStatus {
  readonly vertex: string;
  readonly id: string;
  readonly completed: boolean;
}

/** What a step printed. */
export interface VertexLog {
  readonly vertex: string;
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/** A remark of BuildKit on the Dockerfile. */
export interface VertexWarning {
  readonly vertex: string;
  readonly text: string;
}

/** One item of the trace. */
export interface SolveStatus {
  readonly vertexes: readonly Vertex[];
  readonly statuses: readonly VertexStatus[];
  readonly logs: readonly VertexLog[];
  readonly warnings: readonly VertexWarning[];
}

interface RawTime {
  readonly seconds: number;
  readonly nanos: number;
}

interface RawStatus {
  readonly vertexes: readonly (Omit<Vertex, 'started' | 'completed'> & {
    readonly started: RawTime | null;
    readonly completed: RawTime | null;
  })[];
  readonly statuses: readonly { readonly ID: string; readonly vertex: string; readonly completed: RawTime | null }[];
  readonly logs: readonly { readonly vertex: string; readonly stream: number; readonly msg: Buffer }[];
  readonly warnings: readonly { readonly vertex: string; readonly short: Buffer }[];
}

/** Reads an item of the trace that Docker hands on, base64 of a `StatusResponse`. */
export function readSolveStatus(base64: string): SolveStatus {
  const raw = decode<RawStatus>('StatusResponse', Buffer.from(base64, 'base64'));
  return {
    vertexes: raw.vertexes.map((each) => ({
      ...each,
      started: millisecondsOf(each.started),
      completed: millisecondsOf(each.completed),
    })),
    statuses: raw.statuses.map(({ ID, vertex, completed }) => ({ id: ID, vertex, completed: completed !== null })),
    logs: raw.logs.map(({ vertex, stream, msg }) => ({
      vertex,
      stream: stream === STDERR ? 'stderr' : 'stdout',
      bytes: msg,
    })),
    warnings: raw.warnings.map(({ vertex, short }) => ({ vertex, text: short.toString('utf8') })),
  };
}

/** The number by which a trace marks what was written as an error. */
const STDERR = 2;

/** Reads a message by the name of its type. */
export function decode<T>(type: string, bytes: Uint8Array): T {
  const found = MESSAGES.lookupType(type);
  return found.toObject(found.decode(bytes), { longs: Number, defaults: true, arrays: true }) as T;
}

/** Writes a message by the name of its type. */
export function encode(type: string, value: Readonly<Record<string, unknown>>): Buffer {
  const found = MESSAGES.lookupType(type);
  return Buffer.from(found.encode(found.create(value)).finish());
}

function millisecondsOf(time: RawTime | null): number | null {
  return time === null ? null : time.seconds * 1_000 + time.nanos / 1e6;
}
