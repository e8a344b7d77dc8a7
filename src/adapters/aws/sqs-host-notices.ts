import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Message, SQS } from '@aws-sdk/client-sqs';
import { sentenceOf } from '../../domain/kernel/errors.js';
import type { HostNotice, HostNotices } from '../../ports/host-notices.js';
import type { AwsClients } from './aws-clients.js';
import { noticeIn } from './notice-in.js';
import { queueRegion } from './queue-region.js';

/** Longest that SQS waits for a message, in seconds. */
const WAIT_SECONDS = 20;

/** How long and how often what is not handled is tried. */
export interface Patience {
  /** A message whose handler rejects so often is given up: a machine is looked at in turn anyway. */
  readonly mostTries: number;
  /** Longest wait of a message that comes again, in seconds. */
  readonly longestPause: number;
  /**
   * How long a message that was taken is shown to nobody else, in seconds: so much later comes again what an engine
   * that died had taken, or a question that was broken off.
   */
  readonly hiddenFor: number;
}

/** A spot machine has but two minutes, so what comes again comes soon. */
const PATIENCE: Patience = { mostTries: 10, longestPause: 15, hiddenFor: 30 };

/** Longest wait after the queue was silent, in milliseconds. */
const LONGEST_SILENCE = 60_000;

/** How much of junk is logged, in characters. */
const SHOWN = 120;

type Handler = (notice: HostNotice) => Promise<void>;

/** {@link HostNotices} by a queue of SQS. */
export class SqsHostNotices implements HostNotices {
  private readonly logger = new Logger(SqsHostNotices.name);
  private readonly region: string | null;

  constructor(
    private readonly clients: AwsClients,
    private readonly queueUrl: string | undefined,
    private readonly patience = PATIENCE,
  ) {
    this.region = queueUrl === undefined ? null : queueRegion(queueUrl);
  }

  receive(handler: Handler, signal: AbortSignal): void {
    if (this.queueUrl === undefined) return;
    void this.listen(this.queueUrl, handler, signal);
  }

  private async listen(queueUrl: string, handler: Handler, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.takeSome(queueUrl, handler, signal);
        if (failures > 0) this.logger.log(`The queue ${queueUrl} answers again.`);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (failures === 0) this.logger.warn(`No notices of machines come in: ${sentenceOf(error)}`);
        failures += 1;
        await pause(Math.min(LONGEST_SILENCE, 1_000 * 2 ** Math.min(failures, 10)), signal);
      }
    }
  }

  private async takeSome(queueUrl: string, handler: Handler, signal: AbortSignal): Promise<void> {
    const client = await this.clients.sqs(this.region);
    const input = {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: this.patience.hiddenFor,
      // How often it was received; the older of two names of this field, which stand-ins for SQS know too.
      AttributeNames: ['All' as const],
    };
    const { Messages = [] } = await client.receiveMessage(input, { abortSignal: signal });
    await Promise.all(Messages.map((message) => this.take(client, message, handler)));
  }

  /** Hands one over and takes it off the queue; one that was not handled comes again. */
  private async take(client: SQS, message: Message, handler: Handler): Promise<void> {
    const notice = noticeIn(message.Body ?? '', this.region);
    if (notice === null) {
      this.logger.log(`A message of the queue is no notice, and is taken off: ${shown(message.Body)}`);
      return this.takeOff(client, message);
    }
    try {
      await handler(notice);
    } catch (error) {
      return this.tryLater(client, message, error);
    }
    return this.takeOff(client, message);
  }

  private async tryLater(client: SQS, message: Message, error: unknown): Promise<void> {
    const tries = Number(message.Attributes?.ApproximateReceiveCount ?? '1');
    const why = `${sentenceOf(error)} (${shown(message.Body)})`;
    if (tries >= this.patience.mostTries) {
      this.logger.error(`A notice was given up after ${tries} tries: ${why}`);
      return this.takeOff(client, message);
    }
    this.logger.warn(`A notice could not be handled and comes again: ${why}`);
    await client.changeMessageVisibility({
      QueueUrl: this.queueUrl,
      ReceiptHandle: message.ReceiptHandle,
      VisibilityTimeout: Math.min(this.patience.longestPause, tries),
    });
  }

  private async takeOff(client: SQS, { ReceiptHandle }: Message): Promise<void> {
    await client.deleteMessage({ QueueUrl: this.queueUrl, ReceiptHandle });
  }
}

function shown(body: string | undefined): string {
  return JSON.stringify((body ?? '').slice(0, SHOWN));
}

/** Waits so many milliseconds, or until aborted. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
