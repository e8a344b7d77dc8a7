import type { Host, Resources } from '../domain/host/host.js';

/** A container as plain data: what an adapter sends to Docker, and what one test compares. */
export interface ContainerSpec {
  readonly name: string;
  /** Image by digest: `registry/app@sha256:…`. */
  readonly image: string;
  /** Takes the place of the image's own entry point; null, or left out, for that one. */
  readonly entrypoint?: readonly string[] | null;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly resources: Resources;
  /** The container's port and the host's port that leads to it; null for none. */
  readonly publish: { readonly containerPort: number; readonly hostPort: number } | null;
  readonly stopGraceSeconds: number;
  /** What asks it to end: `SIGTERM`. */
  readonly stopSignal: string;
  /** What it is typed to by; nothing where it is left out. */
  readonly console?: ConsoleSpec;
}

/** How somebody may be connected to a container's program. */
export interface ConsoleSpec {
  /** Whether it has a terminal. */
  readonly terminal: boolean;
  /** `lasting`: whoever comes may type, and come again; `once`: until the first who typed says that it is all. */
  readonly input: 'none' | 'lasting' | 'once';
  /** How large the terminal is at first; null where that is not known. */
  readonly size: { readonly columns: number; readonly rows: number } | null;
}

/** A container as Docker shows it. */
export interface ContainerSeen {
  readonly id: string;
  readonly name: string;
  readonly state: 'running' | 'exited';
  readonly labels: Readonly<Record<string, string>>;
  readonly hostPort: number | null;
}

/** A container looked at closely. */
export interface ContainerDetail extends ContainerSeen {
  readonly exitCode: number | null;
  readonly outOfMemory: boolean;
  readonly restarts: number;
}

/** What a container uses at this moment. */
export interface ContainerUsage {
  /** Processor cores, over about a second. */
  readonly cpus: number;
  /** In MiB, without files that the kernel keeps as long as nobody needs the room. */
  readonly memoryMb: number;
}

/** Something that happened to one of our containers. */
export interface ContainerEvent {
  readonly host: string;
  readonly name: string;
  readonly action: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The Docker engines of the hosts. Every method is idempotent: "already so" is success. A host that does not answer
 * throws a DomainError `unavailable` that names it; what Docker refuses throws `unprocessable_entity` with its words.
 */
export interface DockerHosts {
  /** What the host has, as its Docker sees it. */
  capacity(host: Host): Promise<Resources>;
  /** Our containers on the host with all the given labels, stopped ones too. */
  list(host: Host, labels: Readonly<Record<string, string>>): Promise<readonly ContainerSeen[]>;
  /** One container by name; null when there is none. */
  inspect(host: Host, name: string): Promise<ContainerDetail | null>;
  /** Whether the image is there already; false for a host that does not answer. */
  hasImage(host: Host, image: string): Promise<boolean>;
  /** Makes the image present, by digest. */
  pull(host: Host, image: string): Promise<void>;
  /** Creates and starts the container; one of this name that is there already is started, not doubled. */
  start(host: Host, spec: ContainerSpec): Promise<ContainerDetail>;
  /**
   * Has Docker itself start the container again whenever it ends, from now on. A new container is not started again, so
   * that one that does not work is seen as it ended. One that is gone is an error.
   */
  keepRunning(host: Host, name: string): Promise<void>;
  /** Stop signal, grace, then SIGKILL, then removal. A container without our labels is refused. */
  remove(host: Host, name: string, graceSeconds: number): Promise<void>;
  /** The last lines of a container's output, oldest first. */
  lastLines(host: Host, name: string, count: number): Promise<readonly string[]>;
  /** What a container uses now; takes a second or two. Null of one that is not there, or does not run. */
  usage(host: Host, name: string): Promise<ContainerUsage | null>;
  /** Calls back on each event of our containers until aborted; connects again by itself. */
  watch(host: Host, onEvent: (event: ContainerEvent) => void, signal: AbortSignal): void;
}

/** Injection token of {@link DockerHosts}. */
export const DOCKER_HOSTS = Symbol('DockerHosts');
