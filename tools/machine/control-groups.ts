import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

/** Removes a control group, empty by now, from every hierarchy that has it. */
export async function removeControlGroup(name: string): Promise<void> {
  const hierarchies = await readdir(ROOT).catch(() => []);
  for (const folder of [ROOT, ...hierarchies.map((each) => join(ROOT, each))]) await removeTree(join(folder, name));
}

/** A control group's files cannot be deleted, they go with their folder. */
async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  await rmdir(folder).catch(() => undefined);
}
