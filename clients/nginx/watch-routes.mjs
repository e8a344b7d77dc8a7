#!/usr/bin/env node
/**
 * Keeps the routes of an nginx as Jockey says: asks again and again, and when they have changed writes them, lets nginx
 * check them and reload. While Jockey does not answer nginx goes on with what it has. Needs Node.js 20 and nothing else.
 *
 *   JOCKEY_TOKEN=… watch-routes.mjs --url http://jockey:4044/routes/nginx.conf --file /etc/nginx/conf.d/jockey.conf
 *
 * --url     what is asked, with the query of the API: ?port=8080&environment=production
 * --file    the file that nginx includes in its "http" block
 * --nginx   nginx's program; nginx unless told
 * --config  nginx's own configuration, where it is not the usual one
 * --every   seconds between two questions; 1 unless told. Let `drain_seconds` of the workers be at least 2 more.
 */
import { execFile } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';

/** Longest that an answer may take, in milliseconds. */
const QUESTION = 10_000;

const run = promisify(execFile);

const options = readOptions();
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stopping.abort());

let etag = null;
let silent = false;
while (!stopping.signal.aborted) {
  await look().catch(complain);
  await sleep(options.every * 1000, undefined, { signal: stopping.signal }).catch(() => undefined);
}

/** Asks once, and follows a change. Routes that nginx refuses are not taken for known, so they are tried again. */
async function look() {
  const answer = await ask();
  if (silent) say('Jockey answers again');
  silent = false;
  if (answer.status === 304) return;
  if (answer.status !== 200) throw new Error(`Jockey answers ${answer.status}: ${await sentenceIn(answer)}`);
  const routes = await answer.text();
  if (routes !== (await readFile(options.file, 'utf8').catch(() => null))) await take(routes);
  etag = answer.headers.get('etag');
}

/** `fetch` would ask for no cached answer where it sends a tag, hence the second header. */
async function ask() {
  const tag = etag === null ? {} : { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' };
  const headers = { Authorization: `Bearer ${options.token}`, ...tag };
  return fetch(options.url, { headers, signal: AbortSignal.any([AbortSignal.timeout(QUESTION), stopping.signal]) });
}

/** Puts the routes in place, all or nothing, and takes them back when nginx refuses them. */
async function take(routes) {
  const before = await readFile(options.file, 'utf8').catch(() => null);
  await put(routes);
  try {
    await nginx('-t');
  } catch (error) {
    await (before === null ? rm(options.file) : put(before));
    throw new Error(`nginx refuses the routes: ${String(error.stderr || error.message).trim()}`, { cause: error });
  }
  await nginx('-s', 'reload');
  say('nginx has new routes');
}

async function put(text) {
  await writeFile(`${options.file}.next`, text);
  await rename(`${options.file}.next`, options.file);
}

async function nginx(...args) {
  const config = options.config === undefined ? [] : ['-c', options.config];
  await run(options.nginx, [...config, ...args]);
}

async function sentenceIn(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text).error.message;
  } catch {
    return text.slice(0, 200);
  }
}

/** An outage is told once, and not each second. */
function complain(error) {
  if (stopping.signal.aborted || silent) return;
  silent = true;
  say(`${error.cause?.message ?? error.message}; nginx goes on with the routes that it has`);
}

function say(text) {
  process.stdout.write(`${new Date().toISOString()} ${text}\n`);
}

function readOptions() {
  const names = { url: {}, file: {}, nginx: { default: 'nginx' }, config: {}, every: { default: '1' } };
  const typed = Object.fromEntries(Object.entries(names).map(([name, each]) => [name, { type: 'string', ...each }]));
  const { values } = parseArgs({ options: typed });
  const every = Number(values.every);
  const token = process.env.JOCKEY_TOKEN ?? '';
  if (!URL.canParse(values.url ?? '')) refuse('--url should be the address of /routes/nginx.conf');
  if (values.file === undefined) refuse('--file should be the file that nginx includes');
  if (!(every >= 0.1 && every <= 3600)) refuse('--every should be a number of seconds from 0.1 to 3600');
  if (token === '') refuse('JOCKEY_TOKEN should be a token of Jockey');
  return { ...values, every, token };
}

function refuse(sentence) {
  process.stderr.write(`${sentence}.\n`);
  process.exit(2);
}
