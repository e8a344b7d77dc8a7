import { Injectable } from '@nestjs/common';
import { DELIVERY_CHANNELS, DELIVERY_STATES } from '../../../domain/delivery/delivery.js';
import { PlaceFigures } from '../../../store/figures/place-figures.js';
import type { Collector, Figure } from '../figure.js';

/** What goes out, and what comes in by GitHub. Old rows are removed, so there is no sum since the beginning. */
@Injectable()
export class DeliveriesCollector implements Collector {
  readonly name = 'deliveries';

  constructor(private readonly figures: PlaceFigures) {}

  async read(): Promise<readonly Figure[]> {
    return [...(await this.outgoing()), ...(await this.incoming())];
  }

  private async outgoing(): Promise<Figure[]> {
    const all = await this.figures.deliveries();
    const countOf = (channel: string, state: string): number =>
      all.find((each) => each.channel === channel && each.state === state)?.count ?? 0;
    return DELIVERY_CHANNELS.flatMap((channel): Figure[] => [
      { metric: 'jockey_deliveries_waiting', labels: { channel }, value: countOf(channel, 'waiting') },
      ...DELIVERY_STATES.filter((state) => state !== 'waiting').map((state): Figure => ({
        ...{ metric: 'jockey_deliveries_last_hour', labels: { channel, state } },
        value: countOf(channel, state),
      })),
    ]);
  }

  private async incoming(): Promise<Figure[]> {
    const counts = new Map((await this.figures.webhooks()).map(({ state, count }) => [state, count]));
    return ['accepted', 'declined'].map((answer) => ({
      ...{ metric: 'jockey_github_webhooks_last_hour', labels: { answer } },
      value: counts.get(answer) ?? 0,
    }));
  }
}
