import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Config } from '../../domain/config-set/merge-config.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { ConfigVersionRow, DeployRow } from '../entities/index.js';
import { SecretBox } from '../secret-box.js';
import { openSecrets } from '../sealed-secrets.js';

/** The variables of containers, their secrets opened: for who starts them, and for nobody else. */
@Injectable()
export class ConfigValues {
  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
  ) {}

  /** Those of the containers of a deploy. Throws the sentence that says which secret cannot be opened, and the way out. */
  async of(deployId: string): Promise<Config> {
    const { configVersionId } = await this.dataSource.manager.findOneByOrFail(DeployRow, { id: deployId });
    return this.values(configVersionId);
  }

  /** Why containers cannot be given the variables of a version; null where they can. */
  async whyNot(configVersionId: string | null): Promise<string | null> {
    try {
      await this.values(configVersionId);
      return null;
    } catch (error) {
      return sentenceOf(error);
    }
  }

  private async values(configVersionId: string | null): Promise<Config> {
    if (configVersionId === null) return {};
    const { configSetId, config, secrets } = await this.dataSource.manager.findOneByOrFail(ConfigVersionRow, {
      id: configVersionId,
    });
    return { ...config, ...openSecrets(this.box, configSetId, secrets) };
  }
}
