import { DomainError, type ErrorCode, sentenceOf } from '../../domain/kernel/errors.js';

/** Longest of AWS's own words that is repeated, in characters. */
const LONGEST_REASON = 300;

/** A call that went wrong. */
export interface AwsCall {
  /** As a policy of IAM names it: `autoscaling:DescribeAutoScalingGroups`. */
  readonly action: string;
  readonly region: string;
  /** What it was about: `the Auto Scaling Group web`; null for what is about none. */
  readonly about: string | null;
}

/** What AWS did not do, as one sentence; the code of AWS tells cases apart that look alike on the wire. */
export class AwsFault extends DomainError {
  constructor(
    code: ErrorCode,
    message: string,
    /** As AWS names it: `ValidationError`, `Throttling`; the name of the error where no answer came. */
    readonly awsCode: string,
    /** AWS's own words. */
    readonly reason: string,
  ) {
    super(code, message);
    this.name = 'AwsFault';
  }
}

/** How one kind of fault is said. */
interface Kind {
  readonly codes: RegExp;
  /** Where the code alone does not tell. */
  readonly words?: RegExp;
  readonly code: ErrorCode;
  readonly sentence: (call: AwsCall, reason: string) => string;
}

const CLOCK = 'the clock of this machine differs from the clock of AWS: set it by NTP';

/**
 * Codes that every service has: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/CommonErrors.html, and those of
 * EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. The first that fits is said.
 */
const KINDS: readonly Kind[] = [
  {
    codes: /^(Throttl|RequestLimitExceeded$|TooManyRequests|RequestThrottled|SlowDown$|BandwidthLimitExceeded$)/,
    code: 'unavailable',
    sentence: () => 'it asks to be asked less often; Jockey asks again later',
  },
  {
    codes: /^(RequestTimeTooSkewed|RequestInTheFuture)$/,
    code: 'unavailable',
    sentence: () => CLOCK,
  },
  {
    codes: /^(RequestExpired|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure)$/,
    words: /signature (expired|not yet current)|request has expired|not within the valid time/i,
    code: 'unavailable',
    sentence: () => CLOCK,
  },
  {
    codes: /^(ExpiredToken|RequestExpired|TokenRefreshRequired|ExpiredTokenException)/,
    code: 'unavailable',
    sentence: () =>
      'the credentials of Jockey have expired: give it new ones, or the role of a machine, which renews them',
  },
  {
    codes: /^(CredentialsProviderError|MissingAuthenticationToken|TokenProviderError)/,
    code: 'unavailable',
    sentence: () =>
      'Jockey has no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the role of its machine',
  },
  {
    codes:
      /^(InvalidClientTokenId|UnrecognizedClient|AuthFailure|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|OptInRequired)/,
    code: 'unavailable',
    sentence: () => 'it does not know the credentials of Jockey in this region: look whether they are right',
  },
  {
    codes: /^(AccessDenied|UnauthorizedOperation|UnauthorizedAccess|NotAuthorized|Forbidden)/,
    code: 'unavailable',
    sentence: ({ action }, reason) =>
      `Jockey lacks the right ${deniedIn(reason) ?? action}: allow it in its IAM policy`,
  },
  {
    codes:
      /^(ResourceContention|ResourceInUse|ScalingActivityInProgress|PriorRequestNotComplete|IncorrectInstanceState)/,
    code: 'unavailable',
    sentence: () => 'another change of it is under way; Jockey asks again later',
  },
  {
    codes: /(LimitExceeded|InstanceLimit|VersionLimit|InsufficientInstanceCapacity)/,
    code: 'unprocessable_entity',
    sentence: () => 'a limit of the AWS account is reached: have it raised, or ask for less',
  },
  {
    codes: /AlreadyExists/,
    code: 'conflict',
    sentence: () => 'there is one of this name already: adopt it, or take another name',
  },
  {
    codes:
      /^(ValidationError|ValidationException|InvalidLaunchTemplateId|InvalidLaunchTemplateName|InvalidParameterValue)/,
    words: /not found|no such group|does not exist|no active lifecycle action|is not part of/i,
    code: 'not_found',
    sentence: () => 'it is not there (any more)',
  },
];

/** What went wrong, in a sentence that names the thing, the action and the way out. */
export function awsFaultOf(error: unknown, call: AwsCall): DomainError {
  if (error instanceof DomainError) return error;
  const { name, status, reason } = answerIn(error);
  const kind = KINDS.find(({ codes, words }) => codes.test(name) && (words === undefined || words.test(reason)));
  const [code, sentence] = kind ? [kind.code, kind.sentence(call, reason)] : otherFault(name, status);
  const about = call.about === null ? '' : ` of ${call.about}`;
  const words = `${name}: ${reason}`.slice(0, LONGEST_REASON);
  return new AwsFault(code, `${call.action}${about} in ${call.region} failed: ${sentence} (${words}).`, name, reason);
}

function otherFault(name: string, status: number | null): [ErrorCode, string] {
  if (status === null) return ['unavailable', 'AWS does not answer; Jockey asks again later'];
  if (status >= 500 || name === 'RequestTimeout')
    return ['unavailable', 'AWS has a fault of its own; Jockey asks again later'];
  return ['unprocessable_entity', 'AWS refuses what was asked'];
}

interface Answer {
  readonly name: string;
  /** Null where no answer came. */
  readonly status: number | null;
  readonly reason: string;
}

function answerIn(error: unknown): Answer {
  const reason = sentenceOf(error).replace(/\s+/g, ' ').slice(0, LONGEST_REASON);
  if (!(error instanceof Error)) return { name: 'Error', status: null, reason };
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const { Code, code } = error as { Code?: unknown; code?: unknown };
  const name = [Code, error.name !== 'Error' ? error.name : code, error.name].find((each) => typeof each === 'string');
  return { name: String(name), status: $metadata?.httpStatusCode ?? null, reason };
}

/** The action that AWS itself names: it may be another than the one that was called, such as `iam:PassRole`. */
function deniedIn(reason: string): string | null {
  return /not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)/.exec(reason)?.[1] ?? null;
}
