/** States in which a deploy, a build, a reconcile or a run goes on. */
const OPEN: ReadonlySet<string> = new Set([
  'created',
  'building',
  'deploying',
  'in_progress',
  'waiting',
  'starting',
  'running',
]);

/** Whether nothing more happens to it. */
export function isSettled({ state }: { readonly state: string }): boolean {
  return !OPEN.has(state);
}
