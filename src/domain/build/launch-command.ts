import type { BuildMethod } from './build-settings.js';

/** What a container runs. */
export interface LaunchCommand {
  /** Takes the place of the image's own entry point; null for that one. */
  readonly entrypoint: readonly string[] | null;
  /** Empty for the image's own. */
  readonly command: readonly string[];
}

/** Where an image of Cloud Native Buildpacks has its launcher, and one entry point for each process (platform.md). */
const LAUNCHER = '/cnb/lifecycle/launcher';
const PROCESSES = '/cnb/process';

/** What a process type is called; anything else after `/start` is no process. */
const PROCESS = /^[A-Za-z0-9_.-]+$/;

/**
 * A worker's command as an image of this method runs it, so that an app can change its method without changing its
 * workers: `/start PROCESS`, which images of Buildstep have as a program, means that process in an image of Cloud
 * Native Buildpacks too. Any other command goes through the launcher there, which gives it the variables of the
 * buildpacks; `--` keeps the words as they are, without a shell.
 */
export function launchCommand(method: BuildMethod | null, command: readonly string[]): LaunchCommand {
  if (method !== 'cnb' || command.length === 0) return { entrypoint: null, command };
  const [program, process = '', ...rest] = command;
  if (program === '/start' && PROCESS.test(process)) return { entrypoint: [`${PROCESSES}/${process}`], command: rest };
  return { entrypoint: [LAUNCHER], command: ['--', ...command] };
}
