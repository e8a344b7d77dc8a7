import { Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { Bell } from './bell.js';

/** On what the trigger of the table of events rings when events have their places. */
const EVENT_BELL = 'jockey_events';

/** Rings when events are there to be read. */
@Injectable()
export class EventBell extends Bell {
  constructor({ DATABASE_URL }: Environment) {
    super(DATABASE_URL, EVENT_BELL);
  }
}
