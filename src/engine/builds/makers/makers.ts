import { Injectable } from '@nestjs/common';
import type { ChosenMethod } from '../../../domain/build/choose-build-method.js';
import { BuildstepMaker } from './buildstep-maker.js';
import { CnbMaker } from './cnb-maker.js';
import { DockerfileMaker } from './dockerfile-maker.js';
import type { Made, MakingTask } from './maker.js';

/** A method that was found to fit. */
export type FittingMethod = Exclude<ChosenMethod, { readonly refusal: string }>;

/** All ways to make an image. */
@Injectable()
export class Makers {
  constructor(
    private readonly dockerfile: DockerfileMaker,
    private readonly buildstep: BuildstepMaker,
    private readonly cnb: CnbMaker,
  ) {}

  /** Has the image made by its method. */
  async make(chosen: FittingMethod, task: MakingTask): Promise<Made> {
    switch (chosen.method) {
      case 'dockerfile':
        return this.dockerfile.make(task);
      case 'buildstep':
        return this.buildstep.make({ ...task, builderImage: chosen.builderImage });
      case 'cnb':
        return this.cnb.make({ ...task, builderImage: chosen.builderImage });
    }
  }
}
