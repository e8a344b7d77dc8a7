import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  headRedactor,
  type KnownSecret,
  type Redact,
  redactDeep,
  type RedactedHead,
  redactor,
} from '../domain/config-set/redact.js';
import { openBuildSecret, type SealedBuildSecret } from './sealed-build-secret.js';
import { SecretBox, type Sealed } from './secret-box.js';
import { ownerOf } from './sealed-secrets.js';

/** Whose secrets: those of an app in an environment; null for all of them. */
export interface SecretsOf {
  readonly appId: string | null;
  readonly environmentId: string | null;
}

/** Takes the secrets of a place out of what is written. */
export interface Redactor {
  /** Out of Jockey's own words. */
  text(text: string): string;
  /** Out of what a container or a program said: withheld as a whole where a secret of the place cannot be opened. */
  quote(text: string): string;
  /** Out of every text in a JSON value. */
  deep<T>(value: T): T;
  /** Out of the beginning of a text that goes on. */
  head(text: string): RedactedHead;
}

/** What stands in the place of words that cannot be redacted. */
export const WITHHELD = '[withheld: a secret of the app cannot be opened, so it cannot be taken out]';

/** Redactors that are kept; the one that was asked for longest ago is made anew. */
const MOST = 500;

/** Of a text that goes on, so many characters may be kept back for a secret that may have begun in them. */
const MOST_KEPT_BACK = 65_536;

interface Kept {
  readonly versions: string;
  readonly redactor: Redactor;
}

/**
 * Knows every value that a secret has or had, of each app in each environment and of its builds: what ran with an old one
 * may still say it. Secrets of other places are not taken out: that would tell whoever can write a log which values they
 * have.
 */
@Injectable()
export class Redactors {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
  ) {}

  /** The redactor of a place as its Config Sets are now. */
  async of(place: SecretsOf): Promise<Redactor> {
    const key = `${place.appId ?? '*'} ${place.environmentId ?? '*'}`;
    const versions = await this.versionsOf(place);
    const known = this.kept.get(key);
    if (known?.versions === versions) return known.redactor;
    const made = { versions, redactor: redactorOf(await this.secretsOf(place)) };
    this.kept.delete(key);
    this.kept.set(key, made);
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > MOST && oldest !== undefined) this.kept.delete(oldest);
    return made.redactor;
  }

  /** Says whether anything was changed since. */
  private async versionsOf({ appId, environmentId }: SecretsOf): Promise<string> {
    const [row] = await this.dataSource.query<{ versions: string | null }[]>(
      `SELECT concat_ws('/', (SELECT string_agg(id || ':' || version, ',' ORDER BY id) FROM config_sets WHERE ${WITHIN}),
         (SELECT count(*) FROM build_secrets WHERE ${OF_BUILDS})) AS versions`,
      [appId, environmentId],
    );
    return row?.versions ?? '';
  }

  /** Each value once: versions copy those that stay. */
  private async secretsOf(place: SecretsOf): Promise<(KnownSecret | null)[]> {
    return [...(await this.variablesOf(place)), ...(await this.buildSecretsOf(place))];
  }

  private async buildSecretsOf({ appId }: SecretsOf): Promise<(KnownSecret | null)[]> {
    const rows = await this.dataSource.query<{ appId: string; name: string; secret: SealedBuildSecret }[]>(
      `SELECT app_id AS "appId", name, secret FROM build_secrets WHERE ${OF_BUILDS} ORDER BY id`,
      [appId],
    );
    return rows.map(({ secret, ...of }) => known(of.name, () => openBuildSecret(this.box, of, secret)));
  }

  private async variablesOf({ appId, environmentId }: SecretsOf): Promise<(KnownSecret | null)[]> {
    const rows = await this.dataSource.query<{ configSetId: string; name: string; sealed: Sealed }[]>(
      `SELECT DISTINCT ON (version.config_set_id, secret.name, secret.value ->> 'version')
         version.config_set_id AS "configSetId", secret.name, secret.value -> 'sealed' AS sealed
       FROM config_versions version, jsonb_each(version.secrets) AS secret (name, value)
       WHERE version.config_set_id IN (SELECT id FROM config_sets WHERE ${WITHIN})
       ORDER BY version.config_set_id, secret.name, secret.value ->> 'version', version.version DESC`,
      [appId, environmentId],
    );
    return rows.map(({ configSetId, name, sealed }) =>
      known(name, () => this.box.open(sealed, ownerOf(configSetId, name))),
    );
  }
}

/** A secret that can be opened; null for one that cannot. */
function known(name: string, open: () => string): KnownSecret | null {
  try {
    return { name, value: open() };
  } catch {
    return null;
  }
}

/** In SQL: the Config Sets of the place given as $1, $2. */
const WITHIN = `app_id = COALESCE($1::bigint, app_id) AND environment_id = COALESCE($2::bigint, environment_id)`;

/** In SQL: the secrets of the builds of the app given as $1. They are added and never taken away. */
const OF_BUILDS = `app_id = COALESCE($1::bigint, app_id)`;

function redactorOf(secrets: readonly (KnownSecret | null)[]): Redactor {
  const known = secrets.filter((secret) => secret !== null);
  const text: Redact = redactor(known);
  const quote = known.length === secrets.length ? text : (said: string) => (said === '' ? '' : WITHHELD);
  const head = headRedactor(known, MOST_KEPT_BACK);
  return { text, quote, deep: <T>(value: T) => redactDeep(value, text) as T, head };
}
