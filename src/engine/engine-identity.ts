import { hostname } from 'node:os';
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { pino } from 'pino';

/** Who this engine is: what its leases say, and its log. */
@Injectable()
export class EngineIdentity {
  /** `HOST/PID/CHANCE`: unique also when a process id comes again after a restart. */
  readonly name = `${hostname()}/${process.pid}/${randomBytes(3).toString('hex')}`;
  readonly log = pino({ name: 'engine' });
}
