import { Inject, Injectable } from '@nestjs/common';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';
import type { SurveyedHost } from '../../observation/host-survey.js';
import { DOCKER_HOSTS, type DockerHosts } from '../../ports/docker-hosts.js';

/** Finds out whether an image can still be had: one that is not new may have been removed. */
@Injectable()
export class ImageFinder {
  constructor(@Inject(DOCKER_HOSTS) private readonly docker: DockerHosts) {}

  /** Why it cannot be had; null when it can, or when nobody can say now: the rollout itself will. */
  async whyGone(hosts: readonly SurveyedHost[], image: string): Promise<string | null> {
    const one = hosts.find(({ host }) => host.healthy);
    if (one === undefined || hosts.some(({ hasImage }) => hasImage)) return null;
    try {
      await this.docker.pull(one.host, image);
      return null;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'unprocessable_entity') return null;
      return `its image is gone, no host of the pool has it and the registry does not either: ${sentenceOf(error)}`;
    }
  }
}
