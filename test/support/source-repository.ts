import { createHash } from 'node:crypto';
import type { BareRepository } from './git-server.js';

/** An entry of a commit, of whatever kind. */
export type SourceEntry =
  | { readonly kind: 'file' | 'program' | 'link'; readonly path: string; readonly content: string | Buffer }
  | { readonly kind: 'submodule'; readonly path: string; readonly sha: string };

const MODES = { file: '100644', program: '100755', link: '120000', submodule: '160000' } as const;

/** Puts a commit of these entries, and nothing else, on a branch. A path's characters stand for one byte each. */
export async function commitEntries(
  repository: BareRepository,
  entries: readonly SourceEntry[],
  branch: string,
): Promise<string> {
  const who = 'committer Test <test@example.com> 1700000000 +0000';
  const head = `commit refs/heads/${branch}\n${who}\n${dataOf(Buffer.from(branch)).toString('latin1')}deleteall\n`;
  const marks = entries.map((entry) => {
    const path = `"${[...entry.path].map(quoted).join('')}"`;
    if (entry.kind === 'submodule') return Buffer.from(`M ${MODES.submodule} ${entry.sha} ${path}\n`);
    const content = Buffer.isBuffer(entry.content) ? entry.content : Buffer.from(entry.content);
    return Buffer.concat([Buffer.from(`M ${MODES[entry.kind]} inline ${path}\n`), dataOf(content)]);
  });
  await repository.git(['fast-import', '--quiet', '--force'], Buffer.concat([Buffer.from(head, 'latin1'), ...marks]));
  return repository.git(['rev-parse', `refs/heads/${branch}`]);
}

/** What stands in a commit for a content that Git LFS keeps. */
export function lfsPointer(content: Buffer): { readonly oid: string; readonly text: string } {
  const oid = createHash('sha256').update(content).digest('hex');
  return { oid, text: `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n` };
}

function dataOf(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`data ${content.length}\n`), content, Buffer.from('\n')]);
}

function quoted(character: string): string {
  const code = character.charCodeAt(0);
  return /[A-Za-z0-9._/-]/.test(character) ? character : `\\${code.toString(8).padStart(3, '0')}`;
}
