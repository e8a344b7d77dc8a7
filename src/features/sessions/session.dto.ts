import { isLocalPath } from '../../http/auth/local-path.js';
import { Field } from '../../http/input/fields.js';

/** How a sign-in begins. */
export class BeginSignInDto {
  /** The path here that the browser is sent to afterwards; `/docs` where nothing is said. Never another host. */
  @Field(
    'text',
    (value) =>
      typeof value === 'string' && isLocalPath(value)
        ? null
        : 'should be a path of Jockey itself, beginning with one /: /docs',
    { optional: true, example: '/docs', schema: { type: 'string', maxLength: 1000 } },
  )
  return_to?: string;
}

/** What came of a sign-out. */
export class SignedOutDto {
  /** Whether there was a session; it is over in any case. */
  signed_out!: boolean;
}

/** A sign-out as an answer shows it. */
export const SIGNED_OUT_EXAMPLE: SignedOutDto = { signed_out: true };
