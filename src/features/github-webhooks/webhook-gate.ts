import { randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';
import type { AppRow } from '../../store/entities/index.js';
import { Directory } from '../../store/repositories/directory.js';
import { GithubHooks } from '../../store/repositories/github-hooks.js';
import { isSignedBy, type Signatures } from './signature.js';

/**
 * Lets in what is signed with the secret of the app's hook. An app that is not there, one without secret and a wrong
 * signature are answered alike, after the same work, so that a stranger learns nothing of which apps there are.
 */
@Injectable()
export class WebhookGate {
  private readonly logger = new Logger(WebhookGate.name);
  /** Signs nothing: it stands in where there is no secret. */
  private readonly nobodys = randomBytes(32).toString('hex');

  constructor(
    private readonly directory: Directory,
    private readonly hooks: GithubHooks,
  ) {}

  /** The app whose hook signed the bytes. Throws `not_authenticated`. */
  async appOf(key: string, body: Buffer, signatures: Signatures): Promise<AppRow> {
    const app = await this.knownApp(key);
    const secrets = await this.secretsOf(app);
    const signed = isSignedBy([...secrets, this.nobodys], body, signatures);
    if (app === null || secrets.length === 0 || !signed) throw refused();
    return app;
  }

  private async knownApp(key: string): Promise<AppRow | null> {
    try {
      return await this.directory.app(key);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'not_found') return null;
      throw error;
    }
  }

  /** A secret that cannot be opened is the operator's matter: the log says so, and the door stays shut. */
  private async secretsOf(app: AppRow | null): Promise<readonly string[]> {
    try {
      return await this.hooks.secretsOf(app?.id ?? '0');
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'internal_error') throw error;
      this.logger.error(`Webhooks of ${app?.name} are refused: ${sentenceOf(error)}`);
      return [];
    }
  }
}

/** One sentence for every reason. */
export const refused = (): DomainError =>
  new DomainError(
    'not_authenticated',
    'No hook of Jockey is signed like this: POST /apps/:id/webhook gives an app a hook, or its hook a new secret.',
  );
