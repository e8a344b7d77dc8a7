import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type CarryResult, never } from '../../domain/delivery/carry-result.js';
import { Poster } from '../../notification/poster.js';
import { traced } from '../../ports/tracer.js';
import { RESOURCE_VIEWS, type ResourceViews, type ViewedNoun } from '../../ports/resource-views.js';
import { BuildRow, DeployRow, type EventRow, ReconcileRow } from '../../store/entities/index.js';
import { DueDeliveries } from '../../store/repositories/due-deliveries.js';
import { EngineTraces } from '../engine-traces.js';
import type { Carrier, Parcel } from './carrier.js';

const ROWS = { build: BuildRow, deploy: DeployRow, reconcile: ReconcileRow } as const;

/** Who is told, and the span that asked; a reconcile knows none. */
interface Asked {
  readonly id: string;
  readonly callbackUrl: string | null;
  readonly traceparent?: string | null;
}

/** Tells who asked for a build, a deploy or a reconcile of its end: the resource, as the API shows it. */
@Injectable()
export class CallbackCarrier implements Carrier {
  readonly channel = 'callback';

  constructor(
    private readonly dataSource: DataSource,
    private readonly due: DueDeliveries,
    private readonly poster: Poster,
    @Inject(RESOURCE_VIEWS) private readonly views: ResourceViews,
    private readonly traces: EngineTraces,
  ) {}

  async carry(parcel: Parcel, signal: AbortSignal): Promise<CarryResult> {
    const { delivery, event } = parcel;
    const noun = event.subject as ViewedNoun;
    const asked = await this.askedBy(noun, event.subjectId);
    const url = asked?.callbackUrl ?? null;
    if (url === null) return never('There is no callback_url any more.');
    const body = JSON.stringify(await this.bodyOf(parcel));
    const span = this.traces.outgoing('callback', asked?.traceparent ?? null, { 'jockey.event': event.kind });
    const letter = { url, secret: null, event: event.kind, deliveryId: delivery.id, body };
    const post = () => this.poster.post({ ...letter, traceparent: span.traceparent }, signal);
    return traced(span, post, ({ error }) => (error === null ? null : 'not delivered'));
  }

  private async askedBy(noun: ViewedNoun, id: string): Promise<Asked | null> {
    return this.dataSource.manager.findOneBy<Asked>(ROWS[noun], { id });
  }

  /** The first attempt keeps it: the next tells the same, whatever became of the resource meanwhile. */
  private async bodyOf({ delivery, event }: Parcel): Promise<Readonly<Record<string, unknown>>> {
    if (Object.keys(delivery.payload).length > 0) return delivery.payload;
    const view = asItSettled(await this.views.view(event.subject as ViewedNoun, event.subjectId), event);
    await this.due.keepPayload(delivery, view);
    return view;
  }
}

/** A deploy that was replaced before it was told of is told as it settled: clients wait for `deployed` or `failed`. */
function asItSettled(view: Readonly<Record<string, unknown>>, { data }: EventRow): Readonly<Record<string, unknown>> {
  return { ...view, state: data['state'] };
}
