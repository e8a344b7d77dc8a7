import { createInterface } from 'node:readline/promises';
import { ApiServer } from '../api-server.js';
import type { Context } from '../context.js';
import { Fault, usage } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { type Given } from '../given.js';
import { readAll } from '../plain/body.js';
import { ServerVersion } from '../server-version.js';
import type { Server } from '../server.js';
import { rcPath, writeRcFile } from '../settings/rc-file.js';
import { readSettings, webAddress } from '../settings/settings.js';
import type { Run } from '../verb.js';

interface Me {
  readonly name: string;
  readonly login: string | null;
}

/** What a sign-in on another device begins with. */
interface DeviceSignIn {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly expires_in: number;
  readonly interval: number;
}

/** What has come of it so far. */
interface DeviceAnswer {
  readonly state: 'pending' | 'signed_in';
  readonly token: string | null;
  /** How many seconds to leave between two questions from now on. */
  readonly interval: number;
}

/** `login` */
export const login: Run = async (context, given) => {
  const url = await urlOf(context, given);
  const token = given.flag('withToken') ? await pipedToken(context) : await tokenOfDevice(context, serverAt(url, ''));
  const me = await serverAt(url, token).data<Me>({ path: '/me' });
  const path = await writeRcFile(context.world, { jockey_url: url, github_oauth_token: token });
  context.output.data(me, ({ name }) => [`You are ${name} at ${url}. The token is kept in ${path}.`]);
  if (context.world.environment['JOCKEY_OAUTH_TOKEN'])
    context.output.warn('JOCKEY_OAUTH_TOKEN is set, and counts more than what is kept there.');
};

/** `logout` */
export const logout: Run = async ({ world, output }) => {
  await writeRcFile(world, { github_oauth_token: null });
  output.data({ signed_out: true }, () => [`The token is no longer in ${rcPath(world)}.`]);
};

const serverAt = (url: string, token: string): Server => new ApiServer(url, token, new ServerVersion());

async function urlOf({ world }: Context, given: Given): Promise<string> {
  const said = given.text('url') ?? (await readSettings(world)).url ?? (await asked(world));
  if (said === null || said === '') throw usage('Nothing says where Jockey is.', 'Say it by --url.');
  return webAddress(said);
}

async function asked({ stdin, stderr }: Context['world']): Promise<string | null> {
  if (stdin.isTTY !== true) return null;
  const reader = createInterface({ input: stdin, output: stderr });
  const answer = await reader.question('Where is Jockey? https://');
  reader.close();
  return answer.trim() === '' ? null : `https://${answer.trim().replace(/^https:\/\//, '')}`;
}

async function pipedToken({ world }: Context): Promise<string> {
  if (world.stdin.isTTY === true) world.stderr.write('Paste the token, then press Enter and Ctrl-D:\n');
  const token = (await readAll(world.stdin)).trim();
  if (!/^\S+$/.test(token)) throw usage('What is piped in is no token.');
  return token;
}

/** Shows a code that is typed in at GitHub, and asks until it was. */
async function tokenOfDevice(context: Context, server: Server): Promise<string> {
  const begun = await server.data<DeviceSignIn>({ method: 'POST', path: '/auth/device' });
  const { output } = context;
  output.warn(`Open ${begun.verification_uri} and type in ${output.paint(begun.user_code, 'strong', 'stderr')}`);
  output.progress('Waiting for GitHub…');
  const end = Date.now() + begun.expires_in * 1000;
  for (let interval = begun.interval; Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, interval * 1000));
    const answer = await server.data<DeviceAnswer>({
      method: 'POST',
      path: '/auth/device/token',
      body: { device_code: begun.device_code },
    });
    if (answer.token !== null) return answer.token;
    interval = answer.interval;
  }
  throw new Fault('Nobody typed the code in while it was good.', EXIT.timedOut, '`jockey login` shows a new one.');
}
