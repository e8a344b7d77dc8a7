import type { AppRow } from '../../store/entities/index.js';
import type { AppBuildSettings } from '../../store/repositories/apps.js';
import type { AppBuildDto, BuildSettingsDto } from './build-settings.dto.js';

/** Columns by the name of their field. */
const COLUMNS = {
  build_method: 'buildMethod',
  dockerfile: 'dockerfile',
  build_context: 'buildContext',
  build_target: 'buildTarget',
  build_args: 'buildArgs',
  builder_image: 'builderImage',
  build_queue: 'buildQueue',
  build_timeout_minutes: 'buildTimeoutMinutes',
} as const satisfies Record<keyof BuildSettingsDto, keyof AppRow>;

const NAMES = Object.keys(COLUMNS) as (keyof BuildSettingsDto)[];

/** The settings that are given, by column. */
export function buildSettingsOf(body: BuildSettingsDto): AppBuildSettings {
  const said = NAMES.filter((name) => body[name] !== undefined);
  return Object.fromEntries(said.map((name) => [COLUMNS[name], body[name]]));
}

/** The settings of an app's builds as they stand on the wire. */
export function buildViewOf(app: AppRow): AppBuildDto {
  return Object.fromEntries(NAMES.map((name) => [name, app[COLUMNS[name]]])) as unknown as AppBuildDto;
}
