import { availableParallelism, cpus } from 'node:os';

/** The machine in one line: figures mean nothing without it. */
export function machineLine(): string {
  const model = cpus()[0]?.model.trim() || 'unknown processor';
  return `${availableParallelism()} cores (${model}), Node.js ${process.version}, ${process.platform} ${process.arch}`;
}
