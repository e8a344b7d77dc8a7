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

/** Where the service is reached: its own address, else its node's. */
export function addressOf({ Node, Service }: HealthEntry): string {
  return Service.Address === '' ? Node.Address : Service.Address;
}

/** The checks that do not pass, each with what it said, in so many characters; null when all pass. */
export function failingChecks({ Checks }: HealthEntry, longest: number): string | null {
  const failing = Checks.filter(({ Status }) => Status !== 'passing');
  if (failing.length === 0) return null;
  const sentences = failing.map((check) => `${check.Name}: ${outputOf(check, longest)}`);
  return shortened(sentences.join('; '), longest);
}

/** The output of a check in so many characters; a check that has not run yet says so. */
export function outputOf({ Output, Status }: CheckEntry, longest: number): string {
  const text = Output.trim();
  return text === '' ? `${Status}, it has not run yet` : shortened(text, longest);
}

function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
