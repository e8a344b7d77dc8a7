import { setTimeout as pause } from 'node:timers/promises';
import { sentenceOf } from './failure.js';

/** What is waited for, for how long at most, and how often one looks. */
export interface Wait {
  /** Ends the sentence "waited 30 s for …". */
  readonly what: string;
  readonly seconds: number;
  /** Milliseconds between two looks; 50 unless told. */
  readonly every?: number;
  /** Ends the wait at once with the error that it throws. */
  readonly giveUp?: () => void;
}

/** Looks until the probe answers with anything but `undefined` or `false`; a probe that throws has not found it yet. */
export async function until<T>(wait: Wait, probe: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + wait.seconds * 1000;
  let last = '';
  while (performance.now() < deadline) {
    wait.giveUp?.();
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = sentenceOf(error);
    }
    await pause(wait.every ?? 50);
  }
  throw new Error(`waited ${wait.seconds} s for ${wait.what}${last === '' ? '' : `: ${last}`}`);
}
