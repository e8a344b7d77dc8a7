/** One check as Consul's health API shows it: https://developer.hashicorp.com/consul/api-docs/health. */
export interface CheckEntry {
  readonly Name: string;
  readonly Status: string;
  readonly Output: string;
  readonly ServiceID: string;
}

/** One node with one service and their checks, as Consul's health API shows them. */
export interface HealthEntry {
  readonly Node: { readonly Node: string; readonly Address: string };
  readonly Service: {
    readonly ID: string;
    readonly Service: string;
    readonly Address: string;
    readonly Port: number;
    readonly Tags: readonly string[] | null;
    readonly Meta: Readonly<Record<string, string>> | null;
  };
  readonly Checks: readonly CheckEntry[];
}

/** Longest part of a check's output that is kept, in characters. */
const LONGEST_OUTPUT = 500;

/** Where the service is reached: its own address, else its node's. */
export function addressOf({ Node, Service }: HealthEntry): string {
  return Service.Address === '' ? Node.Address : Service.Address;
}

/** The first check that does not pass, and what it said; null when all pass. */
export function failingCheck({ Checks }: HealthEntry): string | null {
  const failing = Checks.find(({ Status }) => Status !== 'passing');
  return failing === undefined ? null : `${failing.Name}: ${outputOf(failing)}`;
}

/** The output of a check, shortened; a check that has not run yet says so. */
export function outputOf({ Output, Status }: CheckEntry): string {
  const text = Output.trim();
  return text === '' ? `${Status}, without a word yet` : text.slice(0, LONGEST_OUTPUT);
}
