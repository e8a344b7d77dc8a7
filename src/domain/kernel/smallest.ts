/**
 * The smallest number from `from` to `most` for which something holds, found in few tries: by steps that double, then by
 * halves. It is one that was tried, so it holds even where a greater one does not. Null where none was found.
 */
export function smallest(from: number, most: number, holds: (count: number) => boolean): number | null {
  let fails = from - 1;
  for (let step = 1, next = from; next <= most; step *= 2) {
    if (holds(next)) return between(fails, next, holds);
    fails = next;
    next = next === most ? most + 1 : Math.min(most, next + step);
  }
  return null;
}

function between(fails: number, found: number, holds: (count: number) => boolean): number {
  let [low, high] = [fails, found];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
