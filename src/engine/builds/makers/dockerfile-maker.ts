import { Inject, Injectable } from '@nestjs/common';
import { BUILD_HOSTS, type BuildHosts } from '../../../ports/build-hosts.js';
import { SOURCE_CODE, type SourceCode } from '../../../ports/source-code.js';
import { BuildSecrets } from '../../../store/repositories/build-secrets.js';
import { dockerfileInContext } from '../../../domain/source/dockerfile-in-context.js';
import type { Made, Maker, MakingTask } from './maker.js';

/** Makes an image of a Dockerfile. */
@Injectable()
export class DockerfileMaker implements Maker {
  constructor(
    @Inject(BUILD_HOSTS) private readonly hosts: BuildHosts,
    @Inject(SOURCE_CODE) private readonly source: SourceCode,
    private readonly secrets: BuildSecrets,
  ) {}

  async make({ build, app, place: { host }, tag, labels, ...task }: MakingTask): Promise<Made> {
    const { log, phase, onLine, signal, previousImage } = task;
    const secrets = await this.secrets.read(app.id);
    const { dockerfile, buildContext } = app;
    const selection = { context: buildContext, ignore: 'dockerignore', dockerfile, signal } as const;
    const context = await this.source.archive(app, build.rref, selection);
    const inContext = dockerfileInContext({ dockerfile, context: buildContext });
    await phase('building');
    const { baseImages } = await this.hosts.build(host, {
      ...{ buildId: build.id, context, dockerfile: inContext, target: app.buildTarget, args: app.buildArgs },
      ...{ secrets, cacheFrom: previousImage === null ? [] : [previousImage], tag, labels, onLine, signal },
    });
    await phase('pushing');
    log.add('engine', `pushing ${tag}`);
    const digest = await this.hosts.push(host, { tag, onLine, signal });
    return { digest, builder: 'BuildKit', baseImages, processTypes: null };
  }
}
