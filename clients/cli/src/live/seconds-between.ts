/** Whole seconds from one time of the wire to another, or to a moment in milliseconds since 1970; never negative. */
export function secondsBetween(from: string, to: string | null, now: number): number {
  const end = to === null ? now : Date.parse(to);
  return Math.max(0, Math.round((end - Date.parse(from)) / 1000));
}

/** `8 s`, `2 min 05 s`, `1 h 02 min`. */
export function durationWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${padded(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${padded(minutes % 60)} min`;
}

const padded = (number: number): string => String(number).padStart(2, '0');
