import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import { pack, type Pack } from 'tar-stream';

/** The scripts of the builders, beside this file. */
const SCRIPTS = new URL('builders/', import.meta.url);

/** What a root file system is made of: folders, programs by their script, files by their text. */
interface RootFileSystem {
  readonly programs: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** What `docker import` sets in the image. */
  readonly changes: readonly string[];
}

const ETC = {
  'etc/passwd': 'root:x:0:0::/:/bin/sh\ncnb:x:1000:1001::/home/cnb:/bin/sh\n',
  'etc/group': 'cnb:x:1001:\n',
};

/** A builder of the classic contract, with two buildpacks in shell. */
export const BUILDSTEP_BUILDER: RootFileSystem = {
  programs: {
    'build/builder': 'buildstep/builder',
    start: 'buildstep/start',
    'build/buildpacks/01_text/bin/detect': 'buildstep/detect-text',
    'build/buildpacks/02_shell/bin/detect': 'buildstep/detect-shell',
    'build/buildpacks/02_shell/bin/compile': 'buildstep/compile-shell',
    'build/buildpacks/02_shell/bin/release': 'buildstep/release-shell',
  },
  files: ETC,
  changes: ['ENV PATH=/bin', 'ENTRYPOINT ["/bin/false"]'],
};

/** A builder of Cloud Native Buildpacks with one buildpack in shell, and a stand-in for the lifecycle (see its script). */
export function cnbBuilder(runImage: string, platformApis: readonly string[] = ['0.12', '0.13']): RootFileSystem {
  const metadata = {
    stack: { runImage: { image: runImage } },
    buildpacks: [{ id: 'jockey_shell', version: '1.0' }],
    lifecycle: { apis: { platform: { deprecated: [], supported: platformApis } } },
  };
  return {
    programs: {
      'cnb/lifecycle/creator': 'cnb/creator',
      'cnb/lifecycle/launcher': 'cnb/launcher',
      'cnb/buildpacks/jockey_shell/1.0/bin/detect': 'cnb/detect',
      'cnb/buildpacks/jockey_shell/1.0/bin/build': 'cnb/build',
    },
    files: { ...ETC, 'cnb/order.toml': '[[order]]\n[[order.group]]\nid = "jockey_shell"\nversion = "1.0"\n' },
    changes: [
      'ENV PATH=/bin',
      'ENV CNB_USER_ID=1000',
      'ENV CNB_GROUP_ID=1001',
      'ENV CNB_STACK_ID=io.jockey.test',
      'USER cnb',
      `LABEL io.buildpacks.builder.metadata=${JSON.stringify(JSON.stringify(metadata))}`,
    ],
  };
}

/** What images of Cloud Native Buildpacks stand on. */
export const RUN_IMAGE: RootFileSystem = { programs: {}, files: ETC, changes: ['ENV PATH=/bin'] };

/** An image that is none of these. */
export const NO_BUILDER: RootFileSystem = { programs: {}, changes: ['ENV PATH=/bin'] };

/** Makes an image of a root file system, with busybox for its programs, on a host. */
export async function importImage(docker: Docker, image: string, root: RootFileSystem): Promise<void> {
  const at = image.lastIndexOf(':');
  const options = { repo: image.slice(0, at), tag: image.slice(at + 1), changes: root.changes.join('\n') };
  const stream = await docker.importImage(await tarOf(root), options as unknown as { repo: string });
  await new Promise((resolve, reject) =>
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve(null))),
  );
}

async function tarOf({ programs, files = {} }: RootFileSystem): Promise<Readable> {
  const tar = pack();
  const busybox = await readFile('/bin/busybox');
  const { stdout } = await promisify(execFile)('/bin/busybox', ['--list']);
  tar.entry({ name: 'bin/busybox', mode: 0o755 }, busybox);
  for (const name of stdout
    .trim()
    .split('\n')
    .filter((each) => each !== 'busybox'))
    tar.entry({ name: `bin/${name}`, type: 'symlink', linkname: 'busybox' });
  tar.entry({ name: 'tmp', type: 'directory', mode: 0o1777 });
  tar.entry({ name: 'home/cnb', type: 'directory', mode: 0o755, uid: 1000, gid: 1001 });
  for (const [name, script] of Object.entries(programs))
    tar.entry({ name, mode: 0o755 }, await readFile(new URL(script, SCRIPTS)));
  for (const [name, text] of Object.entries(files)) tar.entry({ name, mode: 0o644 }, text);
  tar.finalize();
  return Readable.from(tar);
}

/** A commit's files as a tar stream. */
export function sourceOf(files: Readonly<Record<string, string>>): Readable {
  const tar: Pack = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name, mode: 0o644, uid: 77, gid: 77 }, text);
  tar.finalize();
  return Readable.from(tar);
}
