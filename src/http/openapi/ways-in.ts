import type { DocumentBuilder } from '@nestjs/swagger';
import { TOKEN_PARAMETER } from '../auth/token.middleware.js';

type SecurityScheme = Parameters<DocumentBuilder['addSecurity']>[1];

/** The ways in which a caller may prove who it is; any one of them is enough. */
export const WAYS_IN: Readonly<Record<string, SecurityScheme>> = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An API token, a token of GitHub of a member of the organization, an OIDC token of GitHub Actions, or the bootstrap token.',
  },
  parameter: {
    type: 'apiKey',
    in: 'query',
    name: TOKEN_PARAMETER,
    description: 'The same token as a parameter, for old clients. It is neither logged nor echoed; prefer the header.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'jockey_session',
    description: 'The session of a browser that signed in at `/auth/github`.',
  },
};
