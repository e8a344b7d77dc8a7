import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ok } from '../../clients/typescript/src/index.js';
import { projectRoot } from '../../tools/machine/project.js';
import { Terminal } from '../support/terminal.js';
import { Jockey, TOKEN } from './jockey.js';

const PROGRAM = join(projectRoot(), 'clients/cli/dist/jockey.js');

let jockey: Jockey;
let folder: string;
let env: Record<string, string>;
let terminal: Terminal;

beforeAll(async () => {
  jockey = await Jockey.start();
  folder = await mkdtemp(join(tmpdir(), 'jockey-cli-'));
  env = {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    ...{ HOME: folder, LANG: 'C.UTF-8', JOCKEY_URL: jockey.client.url, JOCKEY_OAUTH_TOKEN: TOKEN },
  };
  await jockey.createApp('hands', { scale: 2 });
  terminal = await Terminal.open({ folder, env });
  await terminal.enter(`jockey() { verb=$1; shift; node ${PROGRAM} $verb -a hands "$@"; echo "code=$?"; }`);
});

afterAll(async () => {
  await terminal.close();
  await jockey.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program without a terminal. */
async function cli(words: readonly string[], { input = '', more = {} } = {}): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...words], { cwd: folder, env: { ...env, ...more } });
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

describe('the companion CLI in a terminal', () => {
  it('shows a deploy per worker and slot in one place, and ends with 0', async () => {
    await terminal.clear();
    await terminal.enter('jockey deploy main');
    await terminal.shows(/web +\d of 2 healthy\n +1 h\d/);
    const screen = await terminal.shows(/code=0/);
    expect(screen.match(/^Deploy 1 of hands to production, [0-9a-f]{7} \([^)]+\)$/gm)).toHaveLength(1);
    expect(screen).toMatch(/✓ web +2 of 2 healthy\n +1 h\d +✓ healthy\n +2 h\d +✓ healthy/);
    expect(screen).toMatch(/^Deploy 1 of hands to production, [0-9a-f]{7}: deployed as v1 in .+\.$/m);
    expect(screen).not.toContain('Ctrl-C leaves it running');
  });

  it('leaves a deploy at Ctrl-C, and comes back to it in a terminal of 40 columns', async () => {
    await terminal.clear();
    await terminal.enter('jockey deploy slow-start');
    await terminal.shows(/runs, waits for its check/);
    await terminal.press('C-c');
    await terminal.shows(/Deploy 2 goes on\. `jockey wait deploy 2` comes back\.\ncode=130/);
    expect((await jockey.seen('2')).state).toBe('deploying');
    await terminal.resize(40, 24);
    await terminal.clear();
    await terminal.enter('jockey wait deploy 2');
    const screen = await terminal.shows(/code=0/);
    expect(screen).toMatch(/^Deploy 2 of hands to production, [0-9a-f]{7}\n {2}\([^)]+\)$/m);
    expect(screen.match(/healthy$/gm)).toHaveLength(3);
  });

  it('runs a command in it: sizes, keys and the exit code go through', async () => {
    await terminal.resize(80, 24);
    await terminal.clear();
    await terminal.enter('jockey run sh');
    await terminal.shows(/Ctrl-\] leaves it[^]*\/ #$/);
    await terminal.enter('stty size');
    await terminal.shows(/^24 80$/m);
    await terminal.resize(100, 30);
    await terminal.enter('stty size');
    await terminal.shows(/^30 100$/m);
    await terminal.enter('sleep 1000');
    await terminal.press('C-c');
    await terminal.enter('echo still-$((40 + 2))');
    await terminal.shows(/^still-42$/m);
    await terminal.enter('exit 7');
    await terminal.shows(/^code=7$/m);
    await terminal.enter('stty -a | grep -o " icanon"');
    await terminal.shows(/^ icanon$/m);
  });
});

describe('the companion CLI in a script', () => {
  it('hands on what is piped in, and ends with the code of the command', async () => {
    expect(await cli(['run', '-a', 'hands', 'tr a-z A-Z'], { input: 'one\ntwo\n' })).toMatchObject({
      ...{ code: 0, stdout: 'ONE\nTWO\n' },
    });
    const failed = await cli(['run', '-a', 'hands', 'sh', '-c', 'echo out; echo err >&2; exit 42']);
    expect(failed).toMatchObject({ code: 42, stdout: 'out\n', stderr: expect.stringContaining('err\n') as string });
  });

  it('runs a command in an instance', async () => {
    const { code, stdout } = await cli(['exec', '-a', 'hands', 'web.1', 'cat /VERSION']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1\n' });
  });

  it('comes to the end of a detached command by wait', async () => {
    const begun = await cli(['run', '-a', 'hands', '--detach', '--json', 'sh', '-c', 'echo in the log; exit 5']);
    expect(begun.code).toBe(0);
    const { id } = JSON.parse(begun.stdout) as { id: string };
    const waited = await cli(['wait', 'run', id]);
    expect(waited.code).toBe(5);
    expect(waited.stderr).toContain('exit code 5');
    expect((await cli(['logs', '--run', id])).stdout).toContain('in the log\n');
  });

  it('tells each line of a deploy where there is no terminal, and shows why one failed: 3', async () => {
    const { code, stdout, stderr } = await cli(['deploy', 'crash-at-start', '-a', 'hands']);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^placed web 1 on h\d, web 2 on h\d$/m);
    expect(stderr).toMatch(/: failed \(reverted\) after .+\.$/m);
    expect(stderr).toMatch(/^Last lines of hands-production-web-\d-d\d+:\n {2}web cannot start/m);
    expect(stderr).not.toContain('\u001b');
  });

  it('ends with 2 where the build fails, 4 without room, 5 without a right or before a lock', async () => {
    expect((await cli(['deploy', 'broken-dockerfile', '-a', 'hands', '--quiet'])).code).toBe(2);
    const refused = await cli(['deploy', 'main', '-a', 'hands'], { more: { JOCKEY_OAUTH_TOKEN: 'of-nobody' } });
    expect(refused.code).toBe(5);
    await jockey.createApp('huge', { scale: 1, memory_mb: 900_000 });
    const placed = await cli(['deploy', 'main', '-a', 'huge', '--json']);
    expect([placed.code, (JSON.parse(placed.stdout) as { outcome: string }).outcome]).toEqual([4, 'not_placed']);
  });

  it('begins and leaves with --no-wait, refuses a second one with 5, and ends with 6 when the time is up', async () => {
    const begun = await cli(['deploy', 'slow-start', '-a', 'hands', '--no-wait', '--json']);
    const { id } = JSON.parse(begun.stdout) as { id: string };
    const second = await cli(['deploy', 'main', '-a', 'hands']);
    expect([second.code, second.stderr]).toEqual([5, expect.stringContaining('--queue waits for it')]);
    const late = await cli(['wait', '-a', 'hands', '--timeout', '1']);
    expect([late.code, late.stderr]).toEqual([6, expect.stringContaining(`jockey wait deploy ${id}`)]);
    await ok(jockey.typed.POST('/deploys/{id}/cancel', { params: { path: { id } } }));
    expect((await cli(['wait', 'deploy', id, '--quiet'])).code).toBe(3);
  });

  it('prints logs that are cut off by head', async () => {
    const script = `set -o pipefail; node ${PROGRAM} logs --deploy 1 | head -n 1; node ${PROGRAM} logs -a hands | head -n 1`;
    const child = spawn('bash', ['-c', script], { cwd: folder, env });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    expect({ code: child.exitCode, stderr }).toMatchObject({ code: 0 });
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^waiting for build 1|^placed/),
      expect.stringMatching(/^web\.\d h\d \| /),
    ]);
  });
});
