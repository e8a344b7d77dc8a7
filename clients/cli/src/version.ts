import manifest from '../package.json' with { type: 'json' };

/** The version of this program: it is released together with the server of the same number. */
export const VERSION: string = manifest.version;
