import type { HeldWorker } from './holding.js';

type Config = Readonly<Record<string, string>>;

/** With the variable PORT: a new app is told 8888 by it, and traffic goes to the port of its worker `web`. */
export function withPort(config: Config, workers: readonly HeldWorker[]): Config {
  const port = workers.find(({ name }) => name === 'web')?.port;
  return port === undefined || config['PORT'] !== undefined ? config : { ...config, PORT: String(port) };
}
