/** Signals that end containers, by their number on Linux. */
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
};

/** Docker reports a process that a signal ended with exit code 128 and the signal's number; null for another end. */
export function signalOf(exitCode: number | null): string | null {
  return exitCode === null ? null : (SIGNALS[exitCode - 128] ?? null);
}
