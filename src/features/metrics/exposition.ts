import type { Figure, Labels, Spread } from './figure.js';
import { type MetricDefinition, METRICS } from './metric-table.js';

/**
 * Figures in the text format of Prometheus, ordered as in the table:
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format. A metric without figures is left out.
 */
export function expositionOf(figures: readonly (Figure | Spread)[]): string {
  const byMetric = new Map<string, (Figure | Spread)[]>(METRICS.map(({ name }) => [name, []]));
  for (const figure of figures) byMetric.get(figure.metric)?.push(figure);
  return METRICS.map((metric) => familyOf(metric, byMetric.get(metric.name) ?? [])).join('');
}

function familyOf(metric: MetricDefinition, figures: readonly (Figure | Spread)[]): string {
  if (figures.length === 0) return '';
  const lines = figures.flatMap((figure) => ('value' in figure ? [valueLine(figure)] : spreadLines(figure, metric)));
  const head = [`# HELP ${metric.name} ${escaped(metric.help)}`, `# TYPE ${metric.name} ${metric.type}`];
  return `${[...head, ...lines].join('\n')}\n`;
}

const valueLine = ({ metric, labels = {}, value }: Figure): string => line(metric, labels, value);

/** Buckets of this format hold all that lies below their limit. */
function spreadLines(
  { metric, labels = {}, buckets, sum }: Spread,
  { buckets: limits = [] }: MetricDefinition,
): string[] {
  let below = 0;
  const lines = buckets.map((count, at) => {
    below += count;
    return line(`${metric}_bucket`, { ...labels, le: String(limits[at] ?? '+Inf') }, below);
  });
  return [...lines, line(`${metric}_sum`, labels, sum), line(`${metric}_count`, labels, below)];
}

function line(name: string, labels: Labels, value: number): string {
  const words = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`);
  return `${name}${words.length === 0 ? '' : `{${words.join(',')}}`} ${value}`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
