import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts a built process of Jockey with these variables beside this process's own, and hands on what it writes. */
export function runProgram(
  name: 'main' | 'engine',
  variables: Readonly<Record<string, string>>,
  hear: (text: string) => void,
): ChildProcess {
  const file = fileURLToPath(new URL(`../../dist/src/${name}.js`, import.meta.url));
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => hear(String(chunk)));
  return child;
}

/** Sends a signal, and waits for the end of the process; one that has ended is left alone. */
export async function endProgram(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
