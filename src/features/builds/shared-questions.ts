interface Asked<T> {
  readonly answer: Promise<T>;
  /** The question after this one, for all who came while this one was on its way. */
  next: Promise<T> | null;
}

/**
 * Asks the same only once at a time, however many want to know. Who comes while a question is on its way shares the
 * next one: its answer may be older than a push that the caller has just made.
 */
export class SharedQuestions<T> {
  private readonly asked = new Map<string, Asked<T>>();

  /** An answer to a question that was asked after this call. */
  ask(key: string, question: () => Promise<T>): Promise<T> {
    const asked = this.asked.get(key);
    if (asked === undefined) return this.begin(key, question);
    asked.next ??= asked.answer.then(
      () => this.begin(key, question),
      () => this.begin(key, question),
    );
    return asked.next;
  }

  private begin(key: string, question: () => Promise<T>): Promise<T> {
    const answer = question();
    const asked: Asked<T> = { answer, next: null };
    this.asked.set(key, asked);
    const forget = () => {
      if (this.asked.get(key) === asked && asked.next === null) this.asked.delete(key);
    };
    answer.then(forget, forget);
    return answer;
  }
}
