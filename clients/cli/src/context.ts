import type { JockeyClient } from '../../typescript/src/index.js';
import type { Output } from './output.js';
import type { Server } from './server.js';
import type { World } from './world.js';

/** An app in an environment. */
export interface Place {
  readonly app: string;
  readonly environment: string;
}

/** What every verb works with. */
export interface Context {
  readonly world: World;
  readonly output: Output;
  /** Where Jockey is and who asks; throws a `Fault` where it is not set. */
  readonly server: Server;
  /** The client whose paths and bodies are typed by the document; `ok(client.GET(…))` throws what the API refuses. */
  readonly client: JockeyClient;
  /** `--app`, else what the project file says, else the app of the Git checkout one stands in. */
  app(): Promise<string>;
  /** `--environment`, else what the project file says, else `production`. */
  environment(): Promise<string>;
  /** Both at once. */
  place(): Promise<Place>;
  /** The app only where it was said by `--app` or the project file: for lists, which may be of all apps. */
  saidPlace(): Promise<Partial<Place>>;
  /** The commit that is checked out in the folder one stands in; throws a `Fault` outside of a checkout. */
  head(): Promise<string>;
  /** The default for `name` in the project file: `worker`. */
  projectDefault(name: 'worker'): Promise<string | undefined>;
}
