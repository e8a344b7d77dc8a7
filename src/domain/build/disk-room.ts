const MEGABYTE = 1024 * 1024;

/** What programs, Docker and kernels say when a disk is full: ENOSPC of errno(3). */
const NO_SPACE = /no space left on device|ENOSPC/i;

/** Why a host has too little room to build on; null where it has enough, where any is enough, and where nobody can tell. */
export function tooLittleRoom(freeBytes: number | null, leastMb: number): string | null {
  if (freeBytes === null || leastMb === 0 || freeBytes >= leastMb * MEGABYTE) return null;
  const free = Math.floor(freeBytes / MEGABYTE);
  return `its disk is full: ${free} MB are free, and MIN_FREE_DISK_MB asks for ${leastMb}; POST /clean_ups removes what nothing needs`;
}

/** Whether a build or push failed of a full disk. */
export function isDiskFull(words: string): boolean {
  return NO_SPACE.test(words);
}

/** A build that a full disk ended: what to do comes first, then what was said. */
export function diskFull(host: string, words: string): string {
  return `the disk of host ${host} is full (POST /clean_ups removes what nothing needs): ${words}`;
}
