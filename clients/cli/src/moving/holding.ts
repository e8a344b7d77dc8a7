/** A worker as another system holds it; what is not there is left to Jockey. */
export interface HeldWorker {
  readonly name: string;
  readonly command?: string;
  readonly scale?: number;
  readonly port?: number;
  readonly memory_mb?: number;
  readonly cpus?: number;
  readonly health_path?: string;
}

/** An app in an environment. */
export interface HeldPlace {
  readonly environment: string;
  readonly config: Readonly<Record<string, string>>;
  readonly workers: readonly HeldWorker[];
  /** The commit that runs there; null where that is not known. */
  readonly commit: string | null;
}

/** An app. */
export interface HeldApp {
  readonly name: string;
  /** `owner/name`; null where that is not known. */
  readonly repo: string | null;
  readonly subscribe_to_github_webhook: boolean;
  readonly places: readonly HeldPlace[];
}

/** What another system, or Jockey, holds. */
export interface Holding {
  readonly environments: readonly string[];
  readonly apps: readonly HeldApp[];
  /** What has no counterpart or needs a person, a sentence each. */
  readonly remarks: readonly string[];
}

/** The place of an app in an environment; null where it has nothing there. */
export function placeOf(holding: Holding, app: string, environment: string): HeldPlace | null {
  const found = holding.apps.find(({ name }) => name === app);
  return found?.places.find((place) => place.environment === environment) ?? null;
}
