/** What a sign-in on another device begins with. */
export class DeviceSignInDto {
  /** By which the program asks how far it is; only the program may know it. */
  device_code!: string;

  /** What the person types in. */
  user_code!: string;

  /** Where the person types it in. */
  verification_uri!: string;

  /** How long both codes are good, in seconds. */
  expires_in!: number;

  /** How many seconds to leave between two questions. */
  interval!: number;
}

/** A beginning as an answer shows it. */
export const DEVICE_SIGN_IN_EXAMPLE: DeviceSignInDto = {
  device_code: '3584d83530557fdd1f46af8289938c8ef79f9dc5',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://github.com/login/device',
  expires_in: 900,
  interval: 5,
};

/** How far a sign-in on another device is. */
export class DeviceTokenDto {
  /** `pending` until the code was typed in, then `signed_in`. */
  state!: string;

  /** The person's own token of GitHub; null while it is pending. */
  token!: string | null;

  /** How many seconds to leave before the next question; null where it stays as it was. */
  interval!: number | null;
}

/** How far it is, as an answer shows it. */
export const DEVICE_TOKEN_EXAMPLE: DeviceTokenDto = { state: 'pending', token: null, interval: 10 };
