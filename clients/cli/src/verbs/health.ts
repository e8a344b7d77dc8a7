import { EXIT } from '../exit-codes.js';
import type { Run } from '../verb.js';
import { VERSION } from '../version.js';

interface Readiness {
  readonly status: string;
  readonly dependencies: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly milliseconds: number;
    readonly error: string | null;
  }[];
}

/** `health` */
export const health: Run = async ({ server, output }) => {
  await server.send({ path: '/healthz' });
  const answer = await server.send({ path: '/readyz', accepted: [503] });
  const seen = (await answer.json()) as Readiness;
  output.data(seen, ({ status, dependencies }) => [
    output.paint(status, answer.ok ? 'good' : 'bad'),
    ...dependencies.map(
      ({ name, ok, milliseconds, error }) =>
        `  ${output.paint(ok ? '✓' : '✗', ok ? 'good' : 'bad')} ${name}: ${ok ? `${milliseconds} ms` : (error ?? '')}`,
    ),
  ]);
  return answer.ok ? EXIT.done : EXIT.failed;
};

interface ServerVersion {
  readonly version: string;
  readonly api: string;
}

/** `version` */
export const version: Run = async ({ server, output }) => {
  const seen = await server.data<ServerVersion>({ path: '/version' });
  output.data({ program: VERSION, server: seen }, () => [
    `program  ${VERSION}`,
    `server   ${seen.version} (API ${seen.api}) at ${server.url}`,
  ]);
};
