import { Injectable } from '@nestjs/common';

/** Different answers that are kept of one instance. */
const KEPT = 5;
/** Instances of which answers are kept; the one that was heard of longest ago is forgotten first. */
const MOST_INSTANCES = 2_000;

/**
 * The different answers of health checks as they came, of instances that are not proven yet. Consul shows only the last
 * one. What a killed engine had heard is lost with it: the answers are for people, and decide nothing.
 */
@Injectable()
export class CheckAnswers {
  private readonly heard = new Map<string, string[]>();

  /** Notes what the check of a container says. */
  note(containerName: string, output: string | null): void {
    const said = output?.trim() ?? '';
    if (said === '') return;
    const before = this.heard.get(containerName) ?? [];
    if (before.at(-1) === said) return;
    this.heard.delete(containerName);
    this.heard.set(containerName, [...before, said].slice(-KEPT));
    const oldest = this.heard.keys().next().value;
    if (this.heard.size > MOST_INSTANCES && oldest !== undefined) this.heard.delete(oldest);
  }

  /** What it said, oldest first. */
  of(containerName: string): readonly string[] {
    return this.heard.get(containerName) ?? [];
  }
}
