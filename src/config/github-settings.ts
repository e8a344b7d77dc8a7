import { IsOptional, IsString, IsUrl } from 'class-validator';
import { URL_RULE } from './read-value.js';

/** Where repositories are, and where Jockey itself is found from there. */
export class GithubSettings {
  /** GitHub, or a GitHub Enterprise base URL. */
  @IsUrl(URL_RULE, { message: 'should be a URL: https://github.com, or that of a GitHub Enterprise' })
  GITHUB_URL = 'https://github.com';

  /** Token with which repositories are read. */
  @IsOptional()
  @IsString()
  GITHUB_OAUTH_TOKEN?: string;

  /** Folder of bare repositories, `OWNER/NAME.git`, that take the place of GitHub's of the same name. */
  @IsOptional()
  @IsString()
  GIT_LOCAL_ROOT?: string;

  /** GitHub's API; where nothing is said it is that of `GITHUB_URL`, which for a GitHub Enterprise ends in `/api/v3`. */
  @IsOptional()
  @IsUrl(URL_RULE, { message: 'should be the URL of the API of GitHub: https://api.github.com' })
  GITHUB_API_URL?: string;

  /** Where people and GitHub reach Jockey: for links, for the sign-in and for the hooks that it installs. */
  @IsOptional()
  @IsUrl(URL_RULE, { message: 'should be the URL that Jockey is reached by: https://jockey.example.com' })
  JOCKEY_URL?: string;
}
