import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take so long that whoever begins them last is waited for; the longest first. */
const LONGEST = ['crash-safety.spec.ts', 'host-pools.spec.ts', 'docs.spec.ts', 'failures.spec.ts', 'builds.spec.ts'];

/** Begins with the files that take longest: a fresh clone knows of no file how long it took, and its size says little. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const late = sorted.filter(({ moduleId }) => !LONGEST.includes(basename(moduleId)));
    const early = sorted.filter(({ moduleId }) => LONGEST.includes(basename(moduleId)));
    early.sort((one, other) => placeOf(one) - placeOf(other));
    return [...early, ...late];
  }
}

const placeOf = ({ moduleId }: TestSpecification): number => LONGEST.indexOf(basename(moduleId));
