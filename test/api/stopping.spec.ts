import { Controller, Get } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { AnswerHold } from '../../src/http/answer/answer-hold.js';
import { stopGracefully } from '../../src/http/stop-gracefully.js';
import { Needs, somewhere } from '../../src/http/auth/needs.decorator.js';
import { TestApi } from '../support/api.js';

/** Requests that are under way when the stop comes. */
@Needs('read', somewhere)
@Controller('slow')
class SlowController {
  static begun: () => void = () => undefined;

  constructor(private readonly hold: AnswerHold) {}

  @Get('held')
  held(): Promise<string> {
    SlowController.begun();
    return this.hold.until({ seconds: 60, read: () => Promise.resolve('as it is now'), settled: () => false });
  }

  @Get('endless')
  endless(): Promise<never> {
    SlowController.begun();
    return new Promise(() => undefined);
  }
}

describe('a graceful stop', () => {
  async function stopDuring(path: string, milliseconds: number) {
    const api = await TestApi.start({ controllers: [SlowController] });
    const begun = new Promise<void>((resolve) => (SlowController.begun = resolve));
    const { client } = api;
    const reply = client.get(path).then(
      ({ status, body }) => ({ status, data: body.data as unknown }),
      () => 'cut off' as const,
    );
    await begun;
    const stopped = stopGracefully(api.app, milliseconds);
    const late = client.get('/apps').then(
      () => 'taken' as const,
      () => 'refused' as const,
    );
    const seen = { reply: await reply, late: await late };
    await stopped;
    await api.stop();
    return seen;
  }

  it('gives held answers at once, and takes no more requests', async () => {
    expect(await stopDuring('/slow/held', 20_000)).toEqual({
      reply: { status: 200, data: 'as it is now' },
      late: 'refused',
    });
  });

  it('cuts off what does not end in time', async () => {
    expect(await stopDuring('/slow/endless', 100)).toEqual({ reply: 'cut off', late: 'refused' });
  });
});
