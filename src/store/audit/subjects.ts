/** What a write is about, and how it is read before and after. */
export interface Subject {
  readonly noun: string;
  /** Reads the row as `row` (jsonb), with its columns of secrets left out; `$1` and on are what `names` says. */
  readonly sql: string;
  /** What in the request names it; empty for what the write creates: that is read by the id of the answer. */
  readonly names: readonly Named[];
}

/** A field of the path, or of the body or else the query. */
export type Named = readonly ['params' | 'input', string];

const BY_ID: readonly Named[] = [['params', 'id']];

/** Columns that hold secrets, by table: they never leave it. */
const SECRET_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  api_tokens: ['digest'],
  host_join_tokens: ['digest'],
  github_hooks: ['secret', 'pending_secret'],
  notification_targets: ['url', 'secret'],
  sessions: ['digest'],
};

const columns = (table: string): string =>
  (SECRET_COLUMNS[table] ?? []).reduce((row, column) => `${row} - '${column}'`, 'to_jsonb(it)');

const rowOf = (table: string, key = 'id'): string =>
  `SELECT ${columns(table)} AS row FROM ${table} it WHERE it.${key}::text = $1`;

/** A name is free again when its owner is deleted, so that the newest one of it is meant. */
const namedRow = (table: string): string =>
  `SELECT ${columns(table)} AS row FROM ${table} it WHERE it.id::text = $1 OR it.name = lower($1) ORDER BY it.id DESC LIMIT 1`;

const AT = `(app.id::text = $1 OR app.name = lower($1) AND app.deleted_at IS NULL) AND (environment.id::text = $2 OR environment.name = lower($2))`;

const PLACE = `JOIN apps app ON app.id = it.app_id JOIN environments environment ON environment.id = it.environment_id`;

const CONFIG_SET = `SELECT to_jsonb(it) || jsonb_build_object('config', latest.config, 'write_only',
    (SELECT coalesce(jsonb_agg(name ORDER BY name), '[]') FROM jsonb_object_keys(latest.secrets) name)) AS row
  FROM config_sets it JOIN config_versions latest ON latest.config_set_id = it.id AND latest.version = it.version
  WHERE it.id::text = $1`;

/** Headers and body of a delivery lie in its own row, for replay; the audit only says that it came. */
const WEBHOOK_DELIVERY = `SELECT to_jsonb(it) - 'body' - 'headers' - 'digest' AS row FROM webhook_deliveries it WHERE it.id::text = $1`;

const HOOK = `SELECT ${columns('github_hooks')} AS row FROM github_hooks it JOIN apps app ON app.id = it.app_id
  WHERE app.id::text = $1 OR app.name = lower($1) AND app.deleted_at IS NULL`;

const BUILD_SECRETS = `SELECT jsonb_build_object('id', app.id, 'app_id', app.id, 'write_only',
    (SELECT coalesce(jsonb_object_agg(it.name, it.version ORDER BY it.name), '{}') FROM build_secrets it
     WHERE it.app_id = app.id AND it.retired_at IS NULL)) AS row
  FROM apps app WHERE app.id::text = $1 OR app.name = lower($1) AND app.deleted_at IS NULL`;

const WORKER_SCALING = `SELECT to_jsonb(it) || jsonb_build_object('id', worker.id, 'app_id', worker.app_id,
    'environment_id', worker.environment_id) AS row
  FROM worker_scalings it JOIN workers worker ON worker.id = it.worker_id WHERE worker.id::text = $1`;

const HOLD = `SELECT to_jsonb(it) AS row FROM holds it ${PLACE} WHERE ${AT}`;

const APP: Subject = { noun: 'app', sql: namedRow('apps'), names: BY_ID };
const DEPLOY: Subject = { noun: 'deploy', sql: rowOf('deploys'), names: BY_ID };
const RECONCILE: Subject = { noun: 'reconcile', sql: rowOf('reconciles'), names: [] };
const WORKER: Subject = { noun: 'worker', sql: rowOf('workers'), names: BY_ID };

/** By the beginning of the route: the longest that fits. */
const SUBJECTS: Readonly<Record<string, Subject>> = {
  '/apps': APP,
  '/apps/:id/build_secrets': { noun: 'build secrets', sql: BUILD_SECRETS, names: BY_ID },
  '/apps/:id/hold': { noun: 'hold', sql: HOLD, names: [...BY_ID, ['input', 'environment']] },
  '/apps/:id/rollback': { ...DEPLOY, names: [] },
  '/apps/:id/promote': { ...DEPLOY, names: [] },
  '/apps/:id/push_rules': { noun: 'push rule', sql: rowOf('push_rules'), names: [['params', 'ruleId']] },
  '/apps/:id/webhook': { noun: 'webhook', sql: HOOK, names: BY_ID },
  '/builds': { noun: 'build', sql: rowOf('builds'), names: BY_ID },
  '/chat_links': { noun: 'chat link', sql: rowOf('chat_links'), names: BY_ID },
  '/clean_ups': { noun: 'clean-up', sql: rowOf('clean_ups'), names: BY_ID },
  '/config_sets': { noun: 'config set', sql: CONFIG_SET, names: BY_ID },
  '/deliveries': { noun: 'delivery', sql: rowOf('deliveries'), names: BY_ID },
  '/deploys': DEPLOY,
  '/environments': { noun: 'environment', sql: namedRow('environments'), names: BY_ID },
  '/github_webhooks': { noun: 'webhook delivery', sql: WEBHOOK_DELIVERY, names: [] },
  '/host_pools': { noun: 'host pool', sql: rowOf('host_pools'), names: BY_ID },
  '/hosts': { noun: 'host', sql: rowOf('hosts', 'name'), names: BY_ID },
  '/hosts/certificates': { noun: 'host certificate', sql: rowOf('host_certificates'), names: [] },
  '/notification_targets': { noun: 'notification target', sql: rowOf('notification_targets'), names: BY_ID },
  '/reconciles': { ...RECONCILE, names: BY_ID },
  // There is one row of it: it is read by what it is to be, and afterwards by its id.
  '/scaling': {
    noun: 'scaling',
    sql: `SELECT to_jsonb(it) AS row FROM scaling_settings it WHERE $1 IN ('automatic', 'advice', it.id::text)`,
    names: [['input', 'mode']],
  },
  '/instances/:id/exec': { noun: 'run', sql: rowOf('runs'), names: [] },
  '/runs': { noun: 'run', sql: rowOf('runs'), names: BY_ID },
  '/stacks': { noun: 'stack', sql: namedRow('stacks'), names: BY_ID },
  '/tokens': { noun: 'token', sql: rowOf('api_tokens'), names: BY_ID },
  '/webhook_deliveries': { noun: 'webhook delivery', sql: WEBHOOK_DELIVERY, names: BY_ID },
  '/workers': WORKER,
  '/workers/:id/restart': RECONCILE,
  '/workers/:id/scaling': { noun: 'worker scaling', sql: WORKER_SCALING, names: BY_ID },
  '/workers/rescale': {
    noun: 'worker',
    sql: `SELECT to_jsonb(it) AS row FROM workers it ${PLACE} WHERE ${AT} AND it.name = $3`,
    names: [
      ['input', 'app'],
      ['input', 'environment'],
      ['input', 'name'],
    ],
  },
  '/workers/restart': RECONCILE,
};

/** Every subject, for the test that asks for each of them. */
export const ALL_SUBJECTS: readonly Subject[] = Object.values(SUBJECTS);

/** The subject of a route such as `/apps/:id/hold`; of one that is not listed only the first word of the path is known. */
export function subjectOf(route: string): Subject | { readonly noun: string } {
  const parts = route.split('/');
  for (let length = parts.length; length > 1; length -= 1) {
    const found = SUBJECTS[parts.slice(0, length).join('/')];
    if (found !== undefined) return found;
  }
  return { noun: (parts[1] ?? '').replace(/_/g, ' ') };
}
