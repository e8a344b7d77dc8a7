/** A line that a container printed. */
export interface OutputLine {
  /** When, in nanoseconds since 1970 on its host's clock. */
  readonly at: bigint;
  readonly stream: 'stdout' | 'stderr';
  /** Without its newline. */
  readonly text: string;
  /** Whether it is a part of a line that goes on in the next one of the same stream. */
  readonly goesOn: boolean;
}

const NANOSECONDS = 1_000_000n;

/** Nanoseconds since 1970 of a time in ISO 8601, with all digits of its fraction. */
export function nanosecondsOf(time: string): bigint {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? '';
  const seconds = Date.parse(time.replace(/\.\d+/, ''));
  return BigInt(seconds) * NANOSECONDS + BigInt(fraction.padEnd(9, '0').slice(0, 9));
}

/** A time in ISO 8601, UTC, with all nine digits: what keeps lines of one moment apart. */
export function isoOf(nanoseconds: bigint): string {
  const milliseconds = Number(nanoseconds / NANOSECONDS);
  const whole = new Date(milliseconds).toISOString().slice(0, 19);
  return `${whole}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}Z`;
}
