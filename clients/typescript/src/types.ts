import type { components } from './schema.js';

export type { paths } from './schema.js';

/** The schemas of the document by name: `Schemas['DeployDto']`. */
export type Schemas = components['schemas'];
