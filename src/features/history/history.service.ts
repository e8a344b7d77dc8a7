import { Injectable } from '@nestjs/common';
import { type DeployFigures, DeployHistory } from '../../store/repositories/deploy-history.js';
import { Directory } from '../../store/repositories/directory.js';
import {
  DEFAULT_DAYS,
  type DeployFiguresDto,
  type DeployHistoryDto,
  type DeployHistoryQueryDto,
} from './history.dto.js';

/** What can be learnt of the deploys that there were. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly directory: Directory,
    private readonly history: DeployHistory,
  ) {}

  async deploys({ days = DEFAULT_DAYS, app, environment }: DeployHistoryQueryDto): Promise<DeployHistoryDto> {
    const found = await this.history.of({
      days,
      ...(app === undefined ? {} : { appId: (await this.directory.app(app)).id }),
      ...(environment === undefined ? {} : { environmentId: (await this.directory.environment(environment)).id }),
    });
    return {
      from: found.days.at(0)?.day ?? '',
      to: found.days.at(-1)?.day ?? '',
      deploys_a_day: rounded(found.total.succeeded / days, 2),
      total: viewOf(found.total),
      days: found.days.map(({ day, ...figures }) => ({ day, ...viewOf(figures) })),
    };
  }
}

function viewOf(figures: DeployFigures): DeployFiguresDto {
  const { settled, succeeded, failed, undone, restored } = figures;
  return {
    settled,
    succeeded,
    failed,
    undone,
    failure_rate: settled === 0 ? null : rounded((failed + undone) / settled, 4),
    seconds_to_deploy_p50: seconds(figures.deployP50),
    seconds_to_deploy_p95: seconds(figures.deployP95),
    restored,
    seconds_to_restore_p50: seconds(figures.restoreP50),
  };
}

const seconds = (value: number | null): number | null => (value === null ? null : rounded(value, 1));

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
