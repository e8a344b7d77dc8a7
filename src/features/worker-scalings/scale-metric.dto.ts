import { SCALE_METRIC_KINDS, type ScaleMetricKind } from '../../domain/worker/worker-scaling.js';
import { Amount, OneOf, Text } from '../../http/input/fields.js';
import { HttpUrl } from '../../http/input/http-url.js';

/** A metric that a scale follows. */
export class ScaleMetricInputDto {
  /** `cpu` and `memory` are what the instances use, as Docker says; `prometheus` and `http_json` are asked over HTTP. */
  @OneOf(SCALE_METRIC_KINDS, { example: 'prometheus' })
  kind!: ScaleMetricKind;

  /**
   * What one instance should bear: percent of what it reserves for `cpu` and `memory`, up to 100; else in the unit of the
   * metric, of which all instances share the total.
   */
  @Amount({ min: 0.001, max: 1e12, example: 100 })
  target!: number;

  /**
   * Base address of a Prometheus, or of a JSON document; not for `cpu` and `memory`. It is shown to who may read the
   * worker, and called only where OUTBOUND_ALLOW lets it be.
   */
  @HttpUrl({ optional: true, nullable: true, example: 'https://prometheus.example.com' })
  url?: string | null;

  /** The PromQL query for one number, or the JSON pointer (RFC 6901) to it; not for `cpu` and `memory`. */
  @Text({
    min: 0,
    max: 4096,
    optional: true,
    nullable: true,
    example: 'sum(rate(http_requests_total{app="sample"}[1m]))',
  })
  query?: string | null;
}

/** A metric as an answer shows it. */
export class ScaleMetricDto {
  /** `cpu`, `memory`, `prometheus` or `http_json`. */
  kind!: ScaleMetricKind;

  /** What one instance should bear. */
  target!: number;

  /** Where it is asked; null for `cpu` and `memory`. */
  url!: string | null;

  /** What is asked there; null for `cpu` and `memory`. */
  query!: string | null;
}
