import { describe, expect, it } from 'vitest';
import { diskFull, isDiskFull, tooLittleRoom } from './disk-room.js';

const MEGABYTE = 1024 * 1024;

describe('tooLittleRoom', () => {
  it('says what is free and what should be', () => {
    expect(tooLittleRoom(12.9 * MEGABYTE, 1024)).toMatch(
      /^its disk is full: 12 MB are free, and MIN_FREE_DISK_MB asks for 1024;/,
    );
    expect(tooLittleRoom(0, 1)).not.toBeNull();
  });

  it.each([
    ['enough is free', 1024 * MEGABYTE, 1024],
    ['any is enough', 0, 0],
    ['nobody can tell', null, 1024],
  ])('says nothing where %s', (_why, free, least) => expect(tooLittleRoom(free, least)).toBeNull());
});

describe('a full disk', () => {
  it.each([
    'write /var/lib/docker/tmp/x: no space left on device',
    'failed to solve: failed to copy: No space left on device',
    'npm ERR! code ENOSPC',
  ])('is known by %j', (words) => expect(isDiskFull(words)).toBe(true));

  it('is not seen in other words, and its sentence names host and cause', () => {
    expect(isDiskFull('exit code 1')).toBe(false);
    expect(diskFull('h1', 'no space left on device')).toMatch(
      /^the disk of host h1 is full .*: no space left on device$/,
    );
  });
});
