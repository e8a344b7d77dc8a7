import { type EntityManager, In } from 'typeorm';
import { type DeployState, IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import { DeployRow } from '../entities/index.js';

/** The deploys of an app that are in progress, in one environment or in all, oldest first. */
export async function deploysInProgress(
  manager: EntityManager,
  place: { readonly appId: string; readonly environmentId?: string },
): Promise<readonly DeployRow[]> {
  const state = In<DeployState>([...IN_PROGRESS_DEPLOY_STATES]);
  return manager.find(DeployRow, { where: { ...place, state }, order: { id: 'ASC' } });
}
