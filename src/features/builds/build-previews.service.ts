import { Injectable } from '@nestjs/common';
import type { ChosenMethod } from '../../domain/build/choose-build-method.js';
import { unavailable } from '../../domain/kernel/errors.js';
import { BuildMethods, type SeenMethod } from '../../observation/build-methods.js';
import { BuildQueueLook } from '../../observation/build-queue-look.js';
import type { AppRow, BuildRow } from '../../store/entities/index.js';
import { Builds } from '../../store/repositories/builds.js';
import { Directory } from '../../store/repositories/directory.js';
import type { BuildPreviewDto, PreviewBuildDto, StandingBuildDto } from './build-preview.dto.js';
import { CommitFinder } from './commit-finder.js';

/** How long a caller waits for a look at the commit, in milliseconds. */
const PATIENCE = 50_000;

/** Says what a build would do. It writes nothing. */
@Injectable()
export class BuildPreviews {
  constructor(
    private readonly directory: Directory,
    private readonly commits: CommitFinder,
    private readonly builds: Builds,
    private readonly methods: BuildMethods,
    private readonly queue: BuildQueueLook,
  ) {}

  /** Throws `unprocessable_entity` for a ref that is not there, `unavailable` while the Git server or Consul is silent. */
  async preview({ app: key, ref }: PreviewBuildDto): Promise<BuildPreviewDto> {
    const app = await this.directory.app(key);
    const { sha, branch } = await this.commits.find(app, ref);
    const { chosen, processTypes } = await this.lookAt(app, sha);
    const build = await this.builds.standing(app.id, sha);
    const turn = build === null ? await this.queue.preview({ appId: app.id, branch }) : null;
    return {
      ...{ rref: sha, branch },
      ...methodOf(chosen, app),
      process_types: processTypes?.map(({ name, command }) => ({ name, command })) ?? null,
      timeout_minutes: this.methods.minutesFor(app),
      build: build === null ? null : standingViewOf(build),
      queue: turn === null ? null : { ...turn },
    };
  }

  private async lookAt(app: AppRow, sha: string): Promise<SeenMethod> {
    const signal = AbortSignal.timeout(PATIENCE);
    try {
      return await this.methods.of(app, sha, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      const cause = `the files of ${sha.slice(0, 12)} were not there within ${PATIENCE / 1000} s; try again`;
      throw unavailable(`The Git server of ${app.gitUrl ?? app.repo}`, cause);
    }
  }
}

type MethodView = Pick<
  BuildPreviewDto,
  'method' | 'reason' | 'dockerfile' | 'build_context' | 'build_target' | 'builder_image'
>;

function methodOf(chosen: ChosenMethod, app: AppRow): MethodView {
  const context = { build_context: app.buildContext };
  const none = { dockerfile: null, build_target: null, builder_image: null };
  if ('refusal' in chosen) return { method: null, reason: chosen.refusal, ...none, ...context };
  const { method, reason, builderImage } = chosen;
  if (method !== 'dockerfile') return { method, reason, ...none, builder_image: builderImage, ...context };
  return { method, reason, ...none, dockerfile: app.dockerfile, build_target: app.buildTarget, ...context };
}

const standingViewOf = ({ id, state, image }: BuildRow): StandingBuildDto => ({ id, state, image });
