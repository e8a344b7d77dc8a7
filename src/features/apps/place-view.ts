import type { AppRow, EnvironmentRow } from '../../store/entities/index.js';
import type { PlacesSeen } from '../../store/repositories/places.js';
import type { EnvironmentDto } from '../environments/environment.dto.js';
import { viewOf } from './app-view.js';
import type { AppDto } from './app.dto.js';

/** The app and the environment of what belongs to both, as they stand on the wire. */
export function placeViewOf(
  row: { readonly appId: string; readonly environmentId: string },
  { apps, stacks, environments }: PlacesSeen,
): { app: AppDto; environment: EnvironmentDto } {
  const app = apps.get(row.appId) as AppRow;
  const { id, name } = environments.get(row.environmentId) as EnvironmentRow;
  return { app: viewOf(app, stacks), environment: { id, name } };
}
