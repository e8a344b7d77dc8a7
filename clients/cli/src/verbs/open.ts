import { spawn } from 'node:child_process';
import { ok } from '../../../typescript/src/problem.js';
import type { Context } from '../context.js';
import { usage } from '../errors.js';
import type { Run } from '../verb.js';

/** `open` */
export const open: Run = async (context, given) => {
  const { output, server, world } = context;
  const url = given.flag('status')
    ? `${server.url}/status/apps/${encodeURIComponent(await context.app())}`
    : await addressOf(context);
  output.data({ url }, () => [url]);
  if (!given.flag('print') && !output.json && world.stdout.isTTY === true) show(url);
};

async function addressOf(context: Context): Promise<string> {
  const place = await context.place();
  const { data } = await ok(context.client.GET('/routes', { params: { query: place } }));
  const host = data.find(({ host_name: name }) => name !== null)?.host_name;
  if (host === undefined || host === null)
    throw usage(`${place.app} has no host name in ${place.environment}.`, '--status opens its page at Jockey.');
  return `https://${host}`;
}

/** What opens an address on each system. Whoever has none reads the address, which is printed anyway. */
const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

function show(url: string): void {
  const [program, ...words] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...words, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
