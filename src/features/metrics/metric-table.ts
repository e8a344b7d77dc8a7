import { RUN_LIMITS } from '../../store/figures/run-figures.js';
import { WORK_LIMITS } from '../../store/figures/work-figures.js';
import { REQUEST_LIMITS } from '../../http/answer/request-times.js';

/** What a metric is, for Prometheus and for the reference. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  /** A sentence: what one sample says. */
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper limits of a histogram's buckets, in the metric's unit. */
  readonly buckets?: readonly number[];
  /** `installation`: every API process gives the same, take one; `process`: each gives its own, sum them up. */
  readonly of: 'installation' | 'process';
}

type Named<N extends string> = MetricDefinition & { readonly name: N };

const IN = { of: 'installation' } as const;

const gauge = <N extends string>(name: N, help: string, ...labels: string[]): Named<N> => ({
  ...{ ...IN, name, type: 'gauge', help, labels },
});
const counter = <N extends string>(name: N, help: string, ...labels: string[]): Named<N> => ({
  ...{ ...IN, name, type: 'counter', help, labels },
});
const lengths = <N extends string>(name: N, help: string, ...labels: string[]): Named<N> => ({
  ...{ ...IN, name, type: 'histogram', help, labels, buckets: WORK_LIMITS },
});
const own = <N extends string>(each: Omit<Named<N>, 'of'>): Named<N> => ({ ...each, of: 'process' }) as Named<N>;

const BUILDS = [
  gauge('jockey_builds_waiting', 'Builds that wait for their turn.'),
  gauge('jockey_builds_running', 'Builds that run, on all hosts.'),
  gauge('jockey_builds_running_on_host', 'Builds that run on a host.', 'host'),
  gauge('jockey_build_oldest_waiting_seconds', 'Age of the oldest build that waits for its turn; 0 where none does.'),
  gauge('jockey_build_host_up', '1 where a host gets builds, 0 where not.', 'host'),
  counter('jockey_builds_settled_total', 'Builds that have settled, by how they did.', 'outcome'),
  lengths('jockey_build_wait_seconds', 'How long builds had waited for their turn when they began.'),
  lengths('jockey_build_duration_seconds', 'How long builds took from their first beginning to their end.', 'outcome'),
] as const;

const DEPLOYS = [
  gauge('jockey_deploys_in_progress', 'Deploys that have not ended, by how far they are.', 'stage'),
  gauge('jockey_deploy_oldest_seconds', 'Age of the oldest deploy at a stage; 0 where none is.', 'stage'),
  counter('jockey_deploys_settled_total', 'Deploys that have settled, by how they did.', 'environment', 'outcome'),
  lengths(
    'jockey_deploy_duration_seconds',
    'How long deploys took from their asking to their end.',
    ...['environment', 'outcome'],
  ),
  counter('jockey_reconciles_settled_total', 'Reconciles that were asked for and have ended.', 'state'),
  lengths('jockey_reconcile_duration_seconds', 'How long they took from their asking to their end.', 'state'),
] as const;

const RUNS = [
  gauge('jockey_runs_in_progress', 'Commands that are run once and are not over, by their state.', 'state'),
  counter('jockey_runs_settled_total', 'Commands that are over, by how they ended.', 'outcome'),
  {
    ...lengths('jockey_run_duration_seconds', 'How long they ran, of those that began.', 'outcome'),
    buckets: RUN_LIMITS,
  },
] as const;

const INSTANCES = [
  lengths('jockey_instance_healthy_seconds', 'From the planning of an instance to its first health.', 'environment'),
  gauge('jockey_instances', 'Instances that live, by their state.', 'state'),
  gauge('jockey_instances_wanted', 'How many instances a worker should have.', 'app', 'environment', 'worker'),
  gauge('jockey_instances_running', 'How many healthy instances a worker has.', 'app', 'environment', 'worker'),
  gauge(
    'jockey_drifted_workers',
    'Workers that have more or fewer healthy instances than they should while no deploy changes them.',
    'environment',
  ),
  gauge('jockey_instances_missing', 'Instances that these workers lack, together.', 'environment'),
] as const;

const HOSTS = [
  gauge('jockey_host_lost', '1 where Consul holds a host for lost.', 'host'),
  gauge('jockey_host_cordoned', '1 where a host gets no new instances.', 'host'),
  gauge('jockey_host_draining', '1 where a host is being emptied.', 'host'),
  gauge('jockey_host_instances', 'Living instances on a host.', 'host'),
  gauge('jockey_host_memory_bytes', 'Memory that a host offers.', 'host'),
  gauge('jockey_host_reserved_memory_bytes', 'Memory that instances reserve on a host.', 'host'),
  gauge('jockey_host_cpus', 'Processor cores that a host offers.', 'host'),
  gauge('jockey_host_reserved_cpus', 'Processor cores that instances reserve on a host.', 'host'),
  gauge('jockey_pool_hosts_wanted', 'How many hosts a pool should have.', 'stack', 'environment'),
  gauge('jockey_pool_hosts_joined', 'How many hosts of a pool have joined.', 'stack', 'environment'),
  gauge('jockey_pool_troubled', '1 where a pool cannot be scaled or looked at.', 'stack', 'environment'),
] as const;

const OUTSIDE = [
  gauge('jockey_deliveries_waiting', 'What is to go out and has not arrived yet.', 'channel'),
  gauge('jockey_deliveries_last_hour', 'What was to go out within the last hour, by its fate.', 'channel', 'state'),
  gauge('jockey_github_webhooks_last_hour', 'Signed webhooks of GitHub within the last hour.', 'answer'),
  gauge('jockey_engine_last_sign_timestamp_seconds', 'When an engine last took up any work, in Unix time.'),
  gauge('jockey_collector_up', '1 where a group of figures could be read, 0 where they are missing.', 'collector'),
  gauge('jockey_collector_seconds', 'How long the reading of a group of figures took.', 'collector'),
] as const;

const PROCESS = [
  own({
    ...{ name: 'jockey_http_request_duration_seconds', type: 'histogram', buckets: REQUEST_LIMITS },
    help: 'How long answers took: `answer` to their end, `wait` those that were asked to wait, `stream` to their first byte.',
    labels: ['method', 'route', 'status', 'kind'],
  }),
  own({
    ...{ name: 'jockey_http_requests_in_progress', type: 'gauge', labels: [] },
    help: 'Requests that are being answered; streams and waits count while they last.',
  }),
  own({
    ...{ name: 'jockey_dependency_up', type: 'gauge', labels: ['dependency'] },
    help: '1 where a part that Jockey needs answers this process, 0 where not.',
  }),
  own({
    ...{ name: 'jockey_dependency_seconds', type: 'gauge', labels: ['dependency'] },
    help: 'How long its answer took.',
  }),
  own({
    ...{ name: 'jockey_postgres_connections', type: 'gauge', labels: ['state'] },
    help: 'Connections of this process to Postgres: `busy`, `idle`, and `awaited` by questions that have none yet.',
  }),
] as const;

/** Every metric of Jockey's own. `process_*` and `nodejs_*` come beside them, of each process. */
export const METRICS = [
  ...BUILDS,
  ...DEPLOYS,
  ...RUNS,
  ...INSTANCES,
  ...HOSTS,
  ...OUTSIDE,
  ...PROCESS,
] as const satisfies readonly MetricDefinition[];

/** Name of a metric of {@link METRICS}. */
export type MetricName = (typeof METRICS)[number]['name'];
