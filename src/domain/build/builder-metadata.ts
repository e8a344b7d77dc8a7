/**
 * The versions of the platform API that Jockey speaks, the newest first: what it hands over and what it reads back means
 * the same in all of them. Before 0.6 the exit codes meant other things.
 */
const PLATFORM_APIS = ['0.13', '0.12', '0.11', '0.10', '0.9', '0.8', '0.7', '0.6'] as const;

/** What is asked for where a builder image does not say what its lifecycle knows. */
const PLATFORM_API_UNSAID = '0.12';

/** What the label `io.buildpacks.builder.metadata` of a builder image says. */
export interface BuilderMetadata {
  /** The newest version of the platform API that both sides know; null where there is none. */
  readonly platformApi: string | null;
  /** What images stand on; null where the builder image does not say. */
  readonly runImage: string | null;
  /** Its buildpacks, `id@version`, in its order. */
  readonly buildpacks: readonly string[];
}

/** Reads that label; what is not there, or not as it should be, is not said. */
export function readBuilderMetadata(label: string | undefined): BuilderMetadata {
  const metadata = recordOf(parsed(label));
  return {
    platformApi: platformApiOf(metadata),
    runImage: runImageOf(metadata),
    buildpacks: listOf(metadata['buildpacks']).flatMap(nameOfBuildpack),
  };
}

/** `runImages` since builders know several; before, `stack.runImage`. */
function runImageOf(metadata: Fields): string | null {
  const [first] = listOf(metadata['runImages']);
  const image = recordOf(first)['image'] ?? recordOf(recordOf(metadata['stack'])['runImage'])['image'];
  return typeof image === 'string' && image !== '' ? image : null;
}

function platformApiOf(metadata: Fields): string | null {
  const { apis, api } = recordOf(metadata['lifecycle']);
  const { supported, deprecated } = recordOf(recordOf(apis)['platform']);
  const known = [...listOf(supported), ...listOf(deprecated), recordOf(api)['platform']].filter(isText);
  if (known.length === 0) return PLATFORM_API_UNSAID;
  return PLATFORM_APIS.find((each) => known.includes(each)) ?? null;
}

function nameOfBuildpack(buildpack: unknown): string[] {
  const { id, version } = recordOf(buildpack);
  if (!isText(id)) return [];
  return [isText(version) ? `${id}@${version}` : id];
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}

function recordOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
