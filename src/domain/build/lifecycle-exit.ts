/** What the codes mean that stand for one thing only (https://github.com/buildpacks/spec, platform.md, from API 0.6 on). */
const CODES: Readonly<Record<number, string>> = {
  11: 'the lifecycle of the builder image does not know the platform API that Jockey asked for: take another builder image',
  12: 'a buildpack speaks a buildpack API that the lifecycle of the builder image does not know: the builder image does not fit together',
  20: 'no buildpack of the builder image recognises the app',
  21: 'no buildpack of the builder image recognises the app, and at least one broke while it looked',
  51: 'a buildpack failed to build the app',
  137: 'it was killed, as by a host that has no memory left',
};

/** What the others mean, by their tens. */
const TENS: Readonly<Record<number, string>> = {
  2: 'the lifecycle could not find out which buildpacks fit',
  3: 'the lifecycle could not look at the registry, at the run image or at the image of the last build',
  4: 'the lifecycle could not restore what the last build had put away: its cache may be broken',
  5: 'the lifecycle could not run the buildpacks',
  6: 'the lifecycle could not put the image together, or not push it',
};

/** What an exit code of the lifecycle's `creator` means, as a sentence without its end; null for 0, which is success. */
export function lifecycleExit(code: number): string | null {
  if (code === 0) return null;
  const meaning = CODES[code] ?? (code >= 20 && code < 70 ? TENS[Math.floor(code / 10)] : undefined);
  return `${meaning ?? 'the lifecycle failed'} (exit code ${code})`;
}
