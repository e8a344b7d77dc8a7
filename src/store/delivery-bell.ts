import { Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { Bell } from './bell.js';
import { DELIVERY_BELL } from './repositories/events.js';

/** Rings when something is put in the outbox. */
@Injectable()
export class DeliveryBell extends Bell {
  constructor({ DATABASE_URL }: Environment) {
    super(DATABASE_URL, DELIVERY_BELL);
  }
}
