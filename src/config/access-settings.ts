import { IsOptional, IsString, MinLength } from 'class-validator';
import { GithubSettings } from './github-settings.js';

/** Who comes in, and what they may do. */
export class AccessSettings extends GithubSettings {
  /** The token of the installation itself, which may do everything. At least 16 characters. */
  @IsString({ message: 'should be set to a secret of at least 16 characters: it may do everything, as Bearer token' })
  @MinLength(16, { message: 'should be a secret of at least 16 characters: it may do everything, as Bearer token' })
  JOCKEY_BOOTSTRAP_TOKEN!: string;

  /** The GitHub organization whose members may come in with a token of GitHub. */
  @IsOptional()
  @IsString()
  GITHUB_ORG?: string;
}
