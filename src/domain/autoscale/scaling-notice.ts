/** A worker and its bounds. */
export interface BoundedWorker {
  readonly id: string;
  readonly scale: number;
  readonly minScale: number;
  readonly maxScale: number;
  /** Whether the bounds are only advice. */
  readonly advice: boolean;
}

/** What who sets a scale has to know: that it may not stay. Sentences. */
export function scalingNotice({ id, scale, minScale, maxScale, advice }: BoundedWorker): string {
  const bounds = `between ${minScale} and ${maxScale}`;
  if (advice) return `It is advised ${bounds}, and keeps the scale that is set; GET /workers/${id}/scaling says more.`;
  const held = Math.min(Math.max(scale, minScale), maxScale);
  if (held === scale) return `It scales itself ${bounds}; GET /workers/${id}/scaling says why.`;
  return (
    `It scales itself ${bounds}: the next look sets ${held} instead of ${scale}. PUT /workers/${id}/scaling changes ` +
    'the bounds, DELETE lets it keep the scale that is set.'
  );
}
