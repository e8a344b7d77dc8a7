import { describe, expect, it } from 'vitest';
import { notFound } from '../../domain/kernel/errors.js';
import { AwsFault, awsFaultOf } from './aws-fault.js';

const CALL = {
  action: 'autoscaling:UpdateAutoScalingGroup',
  region: 'eu-central-1',
  about: 'the Auto Scaling Group web',
};
const BEGIN = 'autoscaling:UpdateAutoScalingGroup of the Auto Scaling Group web in eu-central-1 failed: ';

/** An error as the SDK throws it. */
function answer(name: string, message: string, status: number | null = 400): Error {
  return Object.assign(new Error(message), { name, ...(status && { $metadata: { httpStatusCode: status } }) });
}

describe('a fault of AWS', () => {
  it.each([
    ['Throttling', 'Rate exceeded', 'unavailable', 'asked less often'],
    ['RequestLimitExceeded', 'Request limit exceeded.', 'unavailable', 'asked less often'],
    ['ExpiredToken', 'The security token included in the request is expired', 'unavailable', 'have expired'],
    ['InvalidClientTokenId', 'The security token is invalid', 'unavailable', 'does not know the credentials'],
    ['CredentialsProviderError', 'Could not load credentials from any providers', 'unavailable', 'has no credentials'],
    [
      'SignatureDoesNotMatch',
      'Signature not yet current: 20260101T000000Z',
      'unavailable',
      'the clock of this machine',
    ],
    ['RequestExpired', 'Request has expired.', 'unavailable', 'the clock of this machine'],
    ['AuthFailure', 'AWS was not able to validate the credentials', 'unavailable', 'does not know the credentials'],
    ['LimitExceeded', 'You have reached your limit', 'unprocessable_entity', 'limit of the AWS account'],
    ['ResourceContention', 'You already have a pending update', 'unavailable', 'another change of it is under way'],
    [
      'ScalingActivityInProgress',
      'a scaling activity is in progress',
      'unavailable',
      'another change of it is under way',
    ],
    ['AlreadyExists', 'AutoScalingGroup by this name already exists', 'conflict', 'there is one of this name already'],
    ['ValidationError', 'AutoScalingGroup name not found - null', 'not_found', 'it is not there'],
    ['ValidationError', 'No active Lifecycle Action found with instance ID i-1', 'not_found', 'it is not there'],
    ['ValidationError', 'The instance i-1 is not part of Auto Scaling group web.', 'not_found', 'it is not there'],
    ['ValidationError', 'You must use a valid fully-formed launch template.', 'unprocessable_entity', 'AWS refuses'],
    ['InvalidAMIID.NotFound', 'The image id does not exist', 'unprocessable_entity', 'AWS refuses'],
  ] as const)('%s: %s', (...[name, message, code, words]) => {
    const fault = awsFaultOf(answer(name, message), CALL);
    expect(fault).toBeInstanceOf(AwsFault);
    expect(fault.code).toBe(code);
    expect(fault.message.startsWith(BEGIN)).toBe(true);
    expect(fault.message).toContain(words);
    expect(fault.message.endsWith(`(${name}: ${message}).`)).toBe(true);
  });

  it('names the missing right: the one that AWS names, else the action', () => {
    const because =
      'User: arn:aws:iam::1:user/j is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/h';
    expect(awsFaultOf(answer('AccessDenied', because, 403), CALL).message).toContain('lacks the right iam:PassRole:');
    const unnamed = awsFaultOf(answer('UnauthorizedOperation', 'You are not authorized.', 403), CALL);
    expect(unnamed.message).toContain('lacks the right autoscaling:UpdateAutoScalingGroup:');
    expect(unnamed.code).toBe('unavailable');
  });

  it('may pass where AWS has one of its own, or nothing answers', () => {
    expect(awsFaultOf(answer('InternalFailure', 'oops', 500), CALL).message).toContain('a fault of its own');
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' });
    const fault = awsFaultOf(refused, { ...CALL, about: null });
    expect(fault.code).toBe('unavailable');
    expect(fault.message).toBe(
      'autoscaling:UpdateAutoScalingGroup in eu-central-1 failed: AWS does not answer; Jockey asks again later (ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:9).',
    );
    expect(awsFaultOf('what is this', CALL).code).toBe('unavailable');
  });

  it('is one line of bounded length', () => {
    const fault = awsFaultOf(answer('ValidationError', `a\nb ${'long '.repeat(500)}`), CALL);
    expect(fault.message).not.toContain('\n');
    expect(fault.message.length).toBeLessThan(500);
  });

  it('that was said already is left as it is', () => {
    const said = notFound('host pool', '1');
    expect(awsFaultOf(said, CALL)).toBe(said);
  });
});
