import { Injectable } from '@nestjs/common';
import { type Api, ApiRefusal } from '../../commands/command.js';
import type { HttpRequest } from '../../http/http-request.js';
import type { AppLogsDto } from '../app-logs/app-log.dto.js';
import type { AppDto } from '../apps/app.dto.js';
import type { BuildDto } from '../builds/build.dto.js';
import { OwnApi } from '../commands/own-api.js';
import type { DeployDto } from '../deploys/deploy.dto.js';
import type { DeployHistoryDto } from '../history/history.dto.js';
import type { HostDto } from '../hosts/host.dto.js';
import type { LogsDto } from '../logs/log.dto.js';
import type { PlaceDto } from '../places/place.dto.js';

/** A part of a page: what the API answered, or the sentence with which it did not. */
export type Part<T> = { readonly data: T } | { readonly refusal: string };

/** What all pages know. */
export interface Occasion {
  /** Who looks, as the audit names them. */
  readonly who: string;
  /** When the page is made. */
  readonly now: Date;
}

/** The end of a log, and where it is followed. */
export interface LogPart {
  /** Path of the log in the API. */
  readonly path: string;
  readonly lines: Part<LogsDto>;
}

/** How many builds and deploys a list shows. */
const LATEST = 10;

/** How many of the last lines of a log a page holds. */
const TAIL = 200;

/** How many of them the first page does. */
const SHORT_TAIL = 12;

/** What the first page shows. */
export interface Overview {
  readonly places: Part<readonly PlaceDto[]>;
  readonly deploys: Part<readonly DeployDto[]>;
  readonly builds: Part<readonly BuildDto[]>;
  readonly hosts: Part<readonly HostDto[]>;
  readonly history: Part<DeployHistoryDto>;
  /** Of what is under way, or was last; null where there is nothing. */
  readonly log: (LogPart & { readonly of: string; readonly page: string }) | null;
}

/** What the page of an app shows. */
export interface AppPage extends Pick<Overview, 'places' | 'deploys' | 'builds' | 'history'> {
  readonly app: AppDto;
  readonly outputs: readonly Output[];
}

/** What the instances of an app print in an environment. */
export interface Output {
  readonly environment: string;
  readonly path: string;
  readonly lines: Part<AppLogsDto>;
}

/** Reads for a page what it shows: from the API alone, as the one who looks, so that it shows nobody more than that does. */
@Injectable()
export class StatusReads {
  constructor(private readonly api: OwnApi) {}

  async overview(request: HttpRequest): Promise<Overview> {
    const api = this.apiFor(request);
    const [places, deploys, builds, hosts, history] = await Promise.all([
      part<PlaceDto[]>(api, '/places?per_page=100'),
      part<DeployDto[]>(api, `/deploys?per_page=${LATEST}`),
      part<BuildDto[]>(api, `/builds?per_page=${LATEST}`),
      part<HostDto[]>(api, '/hosts?per_page=100'),
      part<DeployHistoryDto>(api, '/history/deploys'),
    ]);
    return { places, deploys, builds, hosts, history, log: await latestLog(api, deploys, builds) };
  }

  async app(request: HttpRequest, key: string): Promise<AppPage> {
    const api = this.apiFor(request);
    const app = await api.call<AppDto>('GET', `/apps/${encodeURIComponent(key)}`);
    const of = `app=${encodeURIComponent(app.name)}`;
    const [places, deploys, builds, history] = await Promise.all([
      part<PlaceDto[]>(api, `/places?${of}&per_page=100`),
      part<DeployDto[]>(api, `/deploys?${of}&per_page=${LATEST}`),
      part<BuildDto[]>(api, `/builds?${of}&per_page=${LATEST}`),
      part<DeployHistoryDto>(api, `/history/deploys?${of}`),
    ]);
    const outputs =
      'data' in places ? await Promise.all(places.data.filter(runs).map((each) => output(api, each))) : [];
    return { app, places, deploys, builds, history, outputs };
  }

  async deploy(request: HttpRequest, id: string): Promise<{ deploy: DeployDto; log: LogPart }> {
    const api = this.apiFor(request);
    const path = `/deploys/${encodeURIComponent(id)}`;
    const [deploy, log] = await Promise.all([api.call<DeployDto>('GET', path), logAt(api, path, TAIL)]);
    return { deploy, log };
  }

  async build(request: HttpRequest, id: string): Promise<{ build: BuildDto; log: LogPart }> {
    const api = this.apiFor(request);
    const path = `/builds/${encodeURIComponent(id)}`;
    const [build, log] = await Promise.all([api.call<BuildDto>('GET', path), logAt(api, path, TAIL)]);
    return { build, log };
  }

  private apiFor({ caller, id }: HttpRequest): Api {
    if (caller === undefined) throw new Error('a page for nobody');
    return this.api.onBehalfOf(caller, { requestId: id, key: null });
  }
}

/** A part that cannot be had leaves the others whole. */
async function part<T>(api: Api, path: string): Promise<Part<T>> {
  try {
    return { data: await api.call<T>('GET', path) };
  } catch (error) {
    if (error instanceof ApiRefusal) return { refusal: error.message };
    throw error;
  }
}

const logAt = async (api: Api, path: string, tail: number): Promise<LogPart> => ({
  path: `${path}/logs`,
  lines: await part<LogsDto>(api, `${path}/logs?tail=${tail}&ansi=strip`),
});

const runs = ({ workers }: PlaceDto): boolean => workers.some(({ healthy, starting }) => healthy + starting > 0);

async function output(api: Api, { app, environment }: PlaceDto): Promise<Output> {
  const path = `/app_logs?app=${encodeURIComponent(app)}&environment=${encodeURIComponent(environment)}`;
  return { environment, path, lines: await part<AppLogsDto>(api, `${path}&tail=50&ansi=strip`) };
}

/** What is under way says most; else what was last. A deploy that waits for its build has nothing to say yet. */
async function latestLog(
  api: Api,
  deploys: Part<readonly DeployDto[]>,
  builds: Part<readonly BuildDto[]>,
): Promise<Overview['log']> {
  const [allDeploys, allBuilds] = [listOf(deploys), listOf(builds)];
  const building = allBuilds.find(({ state, phase }) => state === 'in_progress' && phase !== 'queued');
  const rolling = allDeploys.find(({ state }) => state === 'deploying');
  const last = rolling ?? (building === undefined ? allDeploys[0] : undefined);
  if (last !== undefined) {
    const of = `Deploy ${last.id} of ${last.app.name} to ${last.environment.name}`;
    return { ...(await logAt(api, `/deploys/${last.id}`, SHORT_TAIL)), of, page: `/status/deploys/${last.id}` };
  }
  const build = building ?? allBuilds[0];
  if (build === undefined) return null;
  const of = `Build ${build.id} of ${build.app.name}`;
  return { ...(await logAt(api, `/builds/${build.id}`, SHORT_TAIL)), of, page: `/status/builds/${build.id}` };
}

/** What there is, or nothing where it cannot be had. */
export const listOf = <T>(all: Part<readonly T[]>): readonly T[] => ('data' in all ? all.data : []);
