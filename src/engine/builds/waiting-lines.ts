import type { TakenLine } from './log-limit.js';

/** So much may wait to be written before whoever prints has to wait: in lines, and in characters. */
const MOST_LINES = 10_000;
const MOST_CHARACTERS = 4 << 20;

/** So much is written in one statement. */
const LINES_AT_ONCE = 2_000;
const CHARACTERS_AT_ONCE = 1 << 20;

/** The lines that wait to be written, and who waits for room among them. */
export class WaitingLines {
  private lines: TakenLine[] = [];
  private characters = 0;
  private waiting: (() => void)[] = [];
  private opened = false;

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  add(lines: readonly TakenLine[]): void {
    for (const line of lines) {
      this.lines.push(line);
      this.characters += line.text.length;
    }
  }

  /** Nothing where there is room; else what resolves as soon as there is. */
  room(): void | Promise<void> {
    if (this.hasRoom) return;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Lets everybody go who waits for room: no more lines come. */
  open(): void {
    this.opened = true;
    this.letGo();
  }

  /** Takes out what is to be written next: one line at least, where there is one. */
  take(): readonly TakenLine[] {
    let count = 0;
    let characters = 0;
    for (const { text } of this.lines) {
      if (count === LINES_AT_ONCE || (count > 0 && characters + text.length > CHARACTERS_AT_ONCE)) break;
      count += 1;
      characters += text.length;
    }
    this.characters -= characters;
    const taken = this.lines.splice(0, count);
    if (this.hasRoom) this.letGo();
    return taken;
  }

  private get hasRoom(): boolean {
    return this.opened || (this.lines.length < MOST_LINES && this.characters < MOST_CHARACTERS);
  }

  private letGo(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
