import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { type ChosenMethod, chooseBuildMethod } from '../domain/build/choose-build-method.js';
import { parseProcfile } from '../domain/build/parse-procfile.js';
import type { ProcessType } from '../domain/build/process-type.js';
import { pathFromTop } from '../domain/build/repo-path.js';
import { SOURCE_CODE, type SourceCode, type SourceListing, type SourceLocation } from '../ports/source-code.js';
import type { AppRow } from '../store/entities/index.js';

/** How an app says that its images are made, and where its source lives. */
export type MethodOfApp = SourceLocation & Pick<AppRow, 'buildMethod' | 'dockerfile' | 'buildContext' | 'builderImage'>;

/** How the image of a commit is made, and what the commit says of its processes. */
export interface SeenMethod {
  readonly chosen: ChosenMethod;
  /** Those of its Procfile; null where it has none. */
  readonly processTypes: readonly ProcessType[] | null;
}

/** Looks at a commit and chooses how its image is made: the same for who previews a build and for who makes it. */
@Injectable()
export class BuildMethods {
  constructor(
    @Inject(SOURCE_CODE) private readonly source: SourceCode,
    private readonly environment: Environment,
  ) {}

  /** How long a build of an app may take, in minutes. */
  minutesFor({ buildTimeoutMinutes }: Pick<AppRow, 'buildTimeoutMinutes'>): number {
    return buildTimeoutMinutes ?? this.environment.BUILD_TIMEOUT_MINUTES;
  }

  /** Throws what the source throws, where the commit cannot be looked at. */
  async of(app: MethodOfApp, sha: string, signal: AbortSignal): Promise<SeenMethod> {
    const listing = await this.source.listing(app, sha, signal);
    const found = (await listing.read(app.dockerfile)) !== null;
    const { BUILDSTEP_IMAGE: buildstep = null, CNB_BUILDER_IMAGE: cnb = null } = this.environment;
    const chosen = chooseBuildMethod({
      choice: app.buildMethod,
      dockerfile: { path: app.dockerfile, found },
      builderImage: app.builderImage,
      operator: { buildstep, cnb },
    });
    return { chosen, processTypes: await procfileOf(listing, app.buildContext) };
  }
}

async function procfileOf(listing: SourceListing, context: string): Promise<readonly ProcessType[] | null> {
  const text = await listing.read(pathFromTop(context, 'Procfile'));
  return text === null ? null : parseProcfile(text).processTypes;
}
