import { readFile } from 'node:fs/promises';
import { getMetadataStorage } from 'class-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { Environment, parseEnvironment } from '../../src/config/environment.js';
import { type GeneratedFile, pagesOfTheSources, readEnvironment } from '../../tools/docs/pages-of-the-sources.js';
import { readVariables, type Variable } from '../../tools/docs/read-variables.js';

const committed = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the variables of the configuration', () => {
  let variables: readonly Variable[];
  beforeAll(async () => {
    variables = await readEnvironment();
  });

  it('are found in the source of their class, every one', () => {
    const rules = getMetadataStorage().getTargetValidationMetadatas(Environment, '', false, false);
    const known = new Set(rules.map(({ propertyName }) => propertyName));
    expect(variables.map(({ name }) => name).sort()).toEqual([...known].sort());
  });

  it('have the defaults that the class has', () => {
    const defaults = Object.entries(new Environment()).filter(([, value]) => value !== undefined);
    const found = variables.flatMap(({ name, byDefault }) => (byDefault === null ? [] : [[name, byDefault]]));
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(defaults.map(([name, value]) => [name, `${value}`])));
  });

  it('are required exactly where nothing starts without them', () => {
    expect(() => parseEnvironment({})).toThrow();
    const required = variables.filter((each) => each.required).map(({ name }) => name);
    for (const name of required) expect(() => parseEnvironment({})).toThrow(name);
    const rest = variables.filter((each) => !each.required).map(({ name }) => name);
    for (const name of rest) expect(() => parseEnvironment({})).not.toThrow(name);
  });

  it('need a doc comment', () => {
    expect(() => readVariables('export class Environment { SECRET = 1; }')).toThrow('SECRET');
  });
});

describe('a generated page', () => {
  let pages: readonly GeneratedFile[];
  beforeAll(async () => {
    pages = await pagesOfTheSources();
  });

  it.each([
    '.env.example',
    'docs/configuration.md',
    'docs/states.md',
    'docs/reference/errors.md',
    'docs/reference/events.md',
    'docs/reference/metrics.md',
  ])('%s is committed as the code says; else run npm run docs:generate', async (path) => {
    expect(await committed(path)).toBe(pages.find((page) => page.path === path)?.text);
  });

  it('.env.example assigns each variable once and holds no secret', () => {
    const lines = pages.find(({ path }) => path === '.env.example')?.text.split('\n') ?? [];
    const assigned = lines.flatMap((line) => /^#?([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(new Set(assigned).size).toBe(assigned.length);
    expect(assigned.length).toBeGreaterThan(15);
    expect(lines).toContain('JOCKEY_BOOTSTRAP_TOKEN=');
  });
});
