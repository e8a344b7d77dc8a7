import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { suggestWorkers, type WorkerSuggestion } from '../../domain/build/suggest-workers.js';
import { BuildRow, WorkerRow } from '../../store/entities/index.js';
import { Directory } from '../../store/repositories/directory.js';
import type { WorkerSuggestionDto, WorkerSuggestionsDto, WorkerSuggestionsQueryDto } from './worker-suggestion.dto.js';

/** Suggests workers for the process types that builds found. It creates none. */
@Injectable()
export class WorkerSuggestions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
  ) {}

  /** Those of the newest completed build that no worker of the place runs. */
  async find(query: WorkerSuggestionsQueryDto): Promise<WorkerSuggestionsDto> {
    const { id: appId } = await this.directory.app(query.app);
    const { id: environmentId } = await this.directory.environment(query.environment);
    const { manager } = this.dataSource;
    const [build] = await manager.find(BuildRow, {
      where: { appId, state: 'completed' },
      order: { completedAt: { direction: 'DESC', nulls: 'LAST' }, id: 'DESC' },
      take: 1,
    });
    if (build === undefined) return { build: null, suggestions: [] };
    const workers = await manager.findBy(WorkerRow, { appId, environmentId });
    const { id, rref, method, processTypes } = build;
    const suggestions = suggestWorkers({ method, processTypes, workers });
    return { build: { id, rref, method }, suggestions: suggestions.map(viewOf) };
  }
}

const viewOf = ({ processType, name, command, declared }: WorkerSuggestion): WorkerSuggestionDto => ({
  ...{ process_type: processType, name, command, declared },
});
