import { type Html, html } from './html.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Seconds as people say them: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function lasting(seconds: number): string {
  if (seconds < 10) return `${Number(Math.max(0, seconds).toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return two([Math.floor(whole / MINUTE), 'min'], [whole % MINUTE, 's']);
  if (whole < DAY) return two([Math.floor(whole / HOUR), 'h'], [Math.floor((whole % HOUR) / MINUTE), 'min']);
  return two([Math.floor(whole / DAY), 'd'], [Math.floor((whole % DAY) / HOUR), 'h']);
}

const two = ([large, unit]: [number, string], [small, lesser]: [number, string]): string =>
  small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${lesser}`;

/** How long ago something was, roughly. */
export function ago(seconds: number): string {
  if (seconds < 10) return 'just now';
  const [size, unit] = seconds < MINUTE ? [1, 's'] : seconds < HOUR ? [MINUTE, 'min'] : seconds < DAY ? [HOUR, 'h'] : [DAY, 'd']; // prettier-ignore
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

/** A moment, as long ago as it is, with the whole time for who wants it. */
export function moment(time: string | null, now: Date): Html | string {
  if (time === null) return '–';
  const seconds = (now.getTime() - Date.parse(time)) / 1000;
  return html`<time datetime="${time}" title="${exact(time)}">${ago(seconds)}</time>`;
}

/** `2026-11-21 03:36:12 UTC`. */
export const exact = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;

/** Seconds between two moments; up to now where the second has not come. */
export const secondsBetween = (from: string, to: string | null, now: Date): number =>
  ((to === null ? now.getTime() : Date.parse(to)) - Date.parse(from)) / 1000;

/** A commit id as people read it. */
export const short = (sha: string): string => sha.slice(0, 7);

/** `1 instance`, `2 instances`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** A word of the API as people say it: `release_command_failed` is `release command failed`. */
export const spoken = (word: string): string => word.replace(/_/g, ' ');

/** 0.143 is `14 %`. */
export const percent = (part: number): string => `${Math.round(part * 100)} %`;
