/**
 * Free bytes by what `df -Pk /` prints (POSIX: a head, then a line of source, blocks of 1024 bytes, used, free, share and
 * mount point); null where it prints anything else.
 */
export function freeBytesOf(lines: readonly string[]): number | null {
  const [, free] = /^\S+\s+\d+\s+\d+\s+(\d+)\s+\d+%\s+\S+$/.exec(lines.at(-1)?.trim() ?? '') ?? [];
  return free === undefined ? null : Number(free) * 1024;
}
