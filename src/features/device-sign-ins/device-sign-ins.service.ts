import { Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../../domain/kernel/errors.js';
import { CallerFinder } from '../../http/auth/caller-finder.js';
import { GithubDevice } from '../../http/auth/github-device.js';
import { SignInSetUp } from '../../http/auth/sign-in-set-up.js';
import type { DeviceSignInDto, DeviceTokenDto } from './device-sign-in.dto.js';

/** Signs people in who sit at a program without a browser. */
@Injectable()
export class DeviceSignInsService {
  constructor(
    private readonly github: GithubDevice,
    private readonly callers: CallerFinder,
    private readonly setUp: SignInSetUp,
  ) {}

  /** Gets a code for the person to type in at GitHub. */
  async begin(): Promise<DeviceSignInDto> {
    const begun = await this.github.begin();
    return {
      device_code: begun.deviceCode,
      user_code: begun.userCode,
      verification_uri: begun.verificationUri,
      expires_in: begun.expiresIn,
      interval: begun.interval,
    };
  }

  /** The token once the code was typed in. Throws `forbidden` for a person who may not come in here. */
  async finish(body: Buffer): Promise<DeviceTokenDto> {
    const answer = await this.github.finish(deviceCodeIn(body));
    if (!('token' in answer)) return { state: 'pending', token: null, interval: answer.interval };
    if ((await this.callers.find(answer.token)) === null) throw this.stranger();
    return { state: 'signed_in', token: answer.token, interval: null };
  }

  private stranger(): DomainError {
    return new DomainError(
      'forbidden',
      `GitHub knows you, but not as a member of ${this.setUp.organization} who may come in here.`,
    );
  }
}

/** Reads what a stranger sent: one field, of a form that GitHub's codes have. */
function deviceCodeIn(body: Buffer): string {
  const code = fieldsOf(body)['device_code'];
  if (typeof code !== 'string' || !/^[A-Za-z0-9_-]{1,200}$/.test(code))
    throw invalid('device_code', 'should be what the sign-in began with.');
  return code;
}

function fieldsOf(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, with what is no object.
  }
  throw new DomainError('bad_request', 'The body should be a JSON object: {"device_code": "3584…"}.');
}
