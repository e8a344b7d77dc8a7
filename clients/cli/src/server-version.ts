import { VERSION } from './version.js';

/** Whether the server is of another version, as its answers say in `Jockey-Version`. */
export class ServerVersion {
  private version: string | null | undefined;

  constructor(private readonly own: string = VERSION) {}

  /** Notes what an answer says. */
  seen({ headers }: Pick<Response, 'headers'>): void {
    this.version ??= headers.get('jockey-version');
  }

  /**
   * One line for who met a fault that another version may be the cause of; null where both are the same, and before
   * anything was answered. Only the first two numbers count: the third changes nothing that one speaks of.
   */
  difference(): string | null {
    const { version, own } = this;
    if (version === undefined) return null;
    if (version === null) return `The server does not say its version: it is older than this program (${own}).`;
    const order = compare(version, own);
    if (order === 0) return null;
    return order < 0
      ? `The server is Jockey ${version}, older than this program (${own}): it may lack what this program asks for.`
      : `The server is Jockey ${version}, newer than this program (${own}): update the program.`;
  }
}

function compare(one: string, other: string): number {
  const [a, b] = [numbers(one), numbers(other)];
  return a[0] - b[0] || a[1] - b[1];
}

function numbers(version: string): readonly [number, number] {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor];
}
