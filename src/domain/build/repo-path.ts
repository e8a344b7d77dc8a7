/** Longest path in a repository, in characters: Linux allows no longer one (PATH_MAX, with its end). */
export const LONGEST_PATH = 4095;

const SHOULD = 'should be a path from the top of the repository, with / between its parts, such as services/api';

/** The fault of a path in a repository; null for a good one. `.` alone is the top. */
export function repoPathFault(path: string): string | null {
  if (path === '.') return null;
  if (path === '' || path.length > LONGEST_PATH) return `has ${path.length} characters, but ${SHOULD}.`;
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return `holds a control character or a \\, but ${SHOULD}.`;
  if (path.startsWith('/')) return `begins with /, but ${SHOULD}.`;
  const parts = path.split('/');
  if (parts.includes('..')) return `leads out of the repository by .., but ${SHOULD}.`;
  if (parts.includes('') || parts.includes('.')) return `has an empty part or a ., but ${SHOULD}.`;
  return parts[0] === '.git' ? `is Git's own folder, which no build gets, but ${SHOULD}.` : null;
}

/** The path from the top of the repository of what is called so in a folder. */
export function pathFromTop(folder: string, path: string): string {
  return folder === '.' ? path : `${folder}/${path}`;
}
