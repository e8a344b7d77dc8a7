/** Reads the context of a build once, and writes how long it took and how much memory this process had at most. */
import { join } from 'node:path';
import { GitSourceCode } from '../src/adapters/git/git-source-code.js';
import '../src/engine.module.js';

/** What came of a reading. */
export interface ContextRead {
  readonly bytes: number;
  readonly milliseconds: number;
  readonly beforeMb: number;
  readonly peakMb: number;
}

const [folder = '', sha = ''] = process.argv.slice(2);
const localRoot = join(folder, 'root');
const places = { githubUrl: 'https://github.com', githubToken: undefined, localRoot };
const source = new GitSourceCode(places, join(folder, 'cache'));
const { signal } = new AbortController();
const beforeMb = process.memoryUsage().rss / 1024 / 1024;
const begun = performance.now();
const wanted = { context: '.', ignore: 'dockerignore', dockerfile: 'Dockerfile', signal } as const;
let bytes = 0;
for await (const chunk of await source.archive({ repo: 'bench/context', gitUrl: null }, sha, wanted))
  bytes += (chunk as Buffer).length;
const milliseconds = performance.now() - begun;
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ bytes, milliseconds, beforeMb, peakMb } satisfies ContextRead));
