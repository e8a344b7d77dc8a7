import type { BuildMethod, BuildMethodChoice } from './build-settings.js';

/** The builder images that the operator configured; null for none. */
export interface BuilderImages {
  /** BUILDSTEP_IMAGE: the classic builder. */
  readonly buildstep: string | null;
  /** CNB_BUILDER_IMAGE: a builder of Cloud Native Buildpacks. */
  readonly cnb: string | null;
}

/** What the choice stands on. */
export interface BuildFacts {
  /** What the app says. */
  readonly choice: BuildMethodChoice;
  /** The app's Dockerfile: its path from the top of the repository, and whether the commit has a file there. */
  readonly dockerfile: { readonly path: string; readonly found: boolean };
  /** The app's builder image, which takes the place of the operator's; null for his. It comes only with the method that it is for. */
  readonly builderImage: string | null;
  readonly operator: BuilderImages;
}

/** How an image is made, and why so; or the sentence that lists what was tried and what to do. */
export type ChosenMethod =
  | { readonly method: 'dockerfile'; readonly reason: string; readonly builderImage: null }
  | { readonly method: Buildpacks; readonly reason: string; readonly builderImage: string }
  | { readonly refusal: string };

type Buildpacks = Exclude<BuildMethod, 'dockerfile'>;

/** In the order in which they are tried: one that detects before it builds fails sooner than one that does not. */
const BUILDPACKS: readonly Buildpacks[] = ['cnb', 'buildstep'];

const NAMES: Readonly<Record<Buildpacks, string>> = { cnb: 'Cloud Native Buildpacks', buildstep: 'Buildstep' };

const SETTINGS: Readonly<Record<Buildpacks, string>> = { cnb: 'CNB_BUILDER_IMAGE', buildstep: 'BUILDSTEP_IMAGE' };

/** Chooses how the image of a commit is made: as the app says; else by its Dockerfile; else by buildpacks. */
export function chooseBuildMethod(facts: BuildFacts): ChosenMethod {
  if (facts.choice === 'auto') return chooseByCommit(facts);
  return facts.choice === 'dockerfile' ? asDockerfile(facts) : asBuildpacks(facts.choice, facts);
}

function chooseByCommit({ dockerfile: { path, found }, operator }: BuildFacts): ChosenMethod {
  if (found) return { method: 'dockerfile', reason: `the commit has the file ${path}`, builderImage: null };
  const method = BUILDPACKS.find((each) => operator[each] !== null);
  const builderImage = method === undefined ? null : operator[method];
  if (method === undefined || builderImage === null) return { refusal: nothingFits(path) };
  const reason = `the commit has no file ${path}, and Jockey has a builder image for ${NAMES[method]}: ${builderImage}`;
  return { method, reason, builderImage };
}

function asDockerfile({ dockerfile: { path, found } }: BuildFacts): ChosenMethod {
  if (found)
    return {
      method: 'dockerfile',
      reason: `the app says build_method dockerfile, and the commit has the file ${path}`,
      builderImage: null,
    };
  return {
    refusal: `the app says build_method dockerfile, but the commit has no file ${path}: add it, set the app's dockerfile to where it is, or its build_method to auto`,
  };
}

function asBuildpacks(method: Buildpacks, { builderImage, operator }: BuildFacts): ChosenMethod {
  const said = `the app says build_method ${method}`;
  if (builderImage !== null) return { method, reason: `${said} and builder_image ${builderImage}`, builderImage };
  const image = operator[method];
  if (image !== null)
    return { method, reason: `${said}, and Jockey's builder image for it is ${image}`, builderImage: image };
  return {
    refusal: `${said}, but there is no builder image for ${NAMES[method]}: set the app's builder_image, or ask the operator to set ${SETTINGS[method]}`,
  };
}

function nothingFits(path: string): string {
  const missing = BUILDPACKS.map((each) => `there is no builder image for ${NAMES[each]} (${SETTINGS[each]})`);
  return (
    `nothing says how to build the commit: it has no file ${path}; ${missing.join('; ')}. ` +
    'Add a Dockerfile, or set the app to buildpacks with build_method and builder_image'
  );
}
