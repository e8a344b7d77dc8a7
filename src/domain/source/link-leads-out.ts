/**
 * Whether a relative symlink leads out of the folder in which its path begins, at any step of its way. An absolute one does
 * not count: in an image it means the image's own files, and so it does while one is built.
 */
export function linkLeadsOut(path: string, target: string): boolean {
  if (target.startsWith('/')) return false;
  let depth = path.split('/').length - 1;
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
