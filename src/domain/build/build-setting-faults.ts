import type { FieldError } from '../kernel/errors.js';
import { VARIABLE } from '../kernel/names.js';
import type { BuildMethodChoice } from './build-settings.js';

/** So many build arguments an app has, so long is a name and a value in characters: they stand in a query string. */
export const BUILD_ARGS = { most: 50, longestName: 128, longestValue: 2048, largest: 16_384 } as const;

/** Docker's own arguments, which set how the build itself goes: https://docs.docker.com/reference/dockerfile/#predefined-args */
const OWN_ARGS = /^(BUILDKIT_|DOCKER_)/;

/** The fault of build arguments; null for good ones. Values are shown to whoever may read the app. */
export function buildArgsFault(args: unknown): string | null {
  if (typeof args !== 'object' || args === null || Array.isArray(args))
    return 'should be a map of build arguments: {"NAME": "value"}, or build_args[NAME]=value in a form.';
  const entries = Object.entries(args);
  if (entries.length > BUILD_ARGS.most)
    return `has ${entries.length} arguments, but an app has at most ${BUILD_ARGS.most}.`;
  const faults = entries.map(([name, value]) => argFault(name, value)).filter((fault) => fault !== null);
  const size = entries.reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  if (faults[0] === undefined && size > BUILD_ARGS.largest)
    return `has ${size} characters, but all arguments together have at most ${BUILD_ARGS.largest}.`;
  return faults[0] ?? null;
}

function argFault(name: string, value: unknown): string | null {
  const shown = name.slice(0, 80);
  if (!VARIABLE.test(name) || name.length > BUILD_ARGS.longestName || name === '__proto__')
    return `has "${shown}", which is no name of an argument: letters, digits and _, not beginning with a digit, at most ${BUILD_ARGS.longestName}.`;
  if (OWN_ARGS.test(name))
    return `has "${shown}", but arguments that begin with BUILDKIT_ or DOCKER_ are for Jockey to set.`;
  if (typeof value !== 'string' || /\u0000|\p{Surrogate}/u.test(value)) return `has no text for "${shown}".`;
  if (value.length > BUILD_ARGS.longestValue)
    return `has ${value.length} characters for "${shown}", but a value has at most ${BUILD_ARGS.longestValue}.`;
  return null;
}

/** A stage of a Dockerfile: its name, or its number. Docker compares names without regard to capitals. */
export const BUILD_TARGET = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** How an app's images are made, as far as one setting bears upon another. */
export interface BuildSettings {
  readonly buildMethod: BuildMethodChoice;
  readonly buildTarget: string | null;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly builderImage: string | null;
}

/** Settings that contradict one another, each with the way out; empty for none. */
export function buildContradictions(settings: BuildSettings): FieldError[] {
  const buildpacks = settings.buildMethod === 'cnb' || settings.buildMethod === 'buildstep';
  return buildpacks ? dockerfileSettings(settings) : builderSettings(settings);
}

function builderSettings({ buildMethod, builderImage }: BuildSettings): FieldError[] {
  if (builderImage === null) return [];
  const message = `is only for the methods buildstep and cnb, but build_method is ${buildMethod}: set build_method to the one that the image is for, or builder_image to null.`;
  return [{ field: 'builder_image', message }];
}

function dockerfileSettings({ buildMethod, buildTarget, buildArgs }: BuildSettings): FieldError[] {
  const only = (field: string, none: string): FieldError => ({
    field,
    message: `is only for a Dockerfile, but build_method is ${buildMethod}: set build_method to auto or dockerfile, or ${field} to ${none}.`,
  });
  return [
    ...(buildTarget === null ? [] : [only('build_target', 'null')]),
    ...(Object.keys(buildArgs).length === 0 ? [] : [only('build_args', '{}')]),
  ];
}
