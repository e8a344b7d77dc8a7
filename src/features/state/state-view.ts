import { releaseName } from '../../domain/release/release-facts.js';
import type { PastHostWord, PastInstance, PastPlace, PastRelease } from '../../store/repositories/past-state.js';
import type { StateHostDto, StateInstanceDto, StatePlaceDto, StateReleaseDto } from './state.dto.js';

/** What was in the places of releases and instances, by the names of their apps and environments. */
export function placesOf(releases: readonly PastRelease[], instances: readonly PastInstance[]): StatePlaceDto[] {
  const places = new Map<string, StatePlaceDto>();
  for (const release of releases)
    Object.assign(placeIn(places, release), {
      release: releaseOf(release),
      newest_config_version: release.newestConfig,
    });
  for (const instance of instances) placeIn(places, instance).instances.push(instanceOf(instance));
  return [...places.values()].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

const nameOf = ({ app, environment }: StatePlaceDto): string => `${app.name} ${app.id} ${environment.name}`;

function placeIn(places: Map<string, StatePlaceDto>, place: PastPlace): StatePlaceDto {
  const key = `${place.appId} ${place.environmentId}`;
  const known = places.get(key) ?? {
    app: { id: place.appId, name: place.app },
    environment: { id: place.environmentId, name: place.environment },
    release: null,
    newest_config_version: null,
    instances: [],
  };
  places.set(key, known);
  return known;
}

function releaseOf(release: PastRelease): StateReleaseDto {
  const { id, sha, image, deployId, since, config } = release;
  const name = releaseName(release);
  return { id, name, rref: sha, image, deploy_id: deployId, since: since.toISOString(), config_version: config };
}

function instanceOf(instance: PastInstance): StateInstanceDto {
  const { id, worker, slot, host, port, deployId, state, since, live } = instance;
  return { id, worker, slot, host, port, deploy_id: deployId, state, since: since.toISOString(), live };
}

const WORDS: Readonly<Record<string, string>> = {
  'host.cordoned': 'cordoned',
  'host.draining': 'draining',
  'host.uncordoned': 'free',
};

/** The hosts that bore something, and those of which something was told. */
export function hostsOf(instances: readonly PastInstance[], words: readonly PastHostWord[]): StateHostDto[] {
  const hosts = new Map<string, StateHostDto>();
  for (const { host, memoryMb, cpus } of instances) {
    const known = hostIn(hosts, host);
    known.instances += 1;
    known.memory_mb += memoryMb;
    known.cpus = Math.round((known.cpus + cpus) * 1000) / 1000;
  }
  for (const { host, kind } of words) {
    const known = hostIn(hosts, host);
    if (kind in WORDS) known.word = WORDS[kind] ?? null;
    else known.lost = kind === 'host.lost';
  }
  return [...hosts.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function hostIn(hosts: Map<string, StateHostDto>, name: string): StateHostDto {
  const known = hosts.get(name) ?? { name, instances: 0, memory_mb: 0, cpus: 0, word: null, lost: null };
  hosts.set(name, known);
  return known;
}
