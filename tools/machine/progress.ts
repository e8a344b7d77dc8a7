const begun = performance.now();

/** Says on stderr what happens now, in one line with the seconds since the start. A reader that went away is no fault. */
export function progress(line: string): void {
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
  process.stderr.write(`[${seconds} s] ${line}\n`);
}

/** Without this, a closed terminal or pipe would end the program in the middle of its cleaning up. */
export function outliveReaders(): void {
  const ignore = (): void => undefined;
  process.stdout.on('error', ignore);
  process.stderr.on('error', ignore);
}
