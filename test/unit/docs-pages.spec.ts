import { existsSync, readFileSync } from 'node:fs';
import { getMetadataStorage } from 'class-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { Environment } from '../../src/config/environment.js';
import { VERBS, verbOf } from '../../clients/cli/src/catalog.js';
import { COMMON } from '../../clients/cli/src/options.js';
import { type Block, blocksOf } from '../../tools/docs/pages/blocks.js';
import { anchorsOf, linksOf } from '../../tools/docs/pages/links.js';
import { slugify } from '../../tools/docs/pages/markdown.js';
import { type Page, readPages } from '../../tools/docs/pages/pages.js';

const fileOf = (path: string): URL => new URL(`../../${path}`, import.meta.url);

/** Written from the verbs, whose examples have a test of their own below. */
const CLI_PAGE = 'docs/cli.md';

let pages: readonly Page[];
let blocks: readonly Block[];
beforeAll(async () => {
  pages = await readPages();
  blocks = pages.flatMap(blocksOf);
});

describe('the links of the pages', () => {
  it('lead to something that is there', () => {
    const dead = pages.flatMap((page) =>
      linksOf(page)
        .filter(({ path }) => !existsSync(fileOf(path)))
        .map(({ written }) => `${page.path}: ${written}`),
    );
    expect(dead).toEqual([]);
  });

  it('lead to a heading that is there', () => {
    const headings = new Map(pages.map((page) => [page.path, anchorsOf(page)]));
    const dead = pages.flatMap((page) =>
      linksOf(page)
        .filter(({ path, anchor }) => anchor !== '' && headings.get(path)?.includes(anchor) !== true)
        .map(({ written }) => `${page.path}: ${written}`),
    );
    expect(dead).toEqual([]);
  });

  it('reach every page from the index', () => {
    const index = pages.find(({ path }) => path === 'docs/README.md');
    const decisions = pages.find(({ path }) => path === 'docs/decisions/README.md');
    const reached = [index, decisions].flatMap((page) => (page === undefined ? [] : linksOf(page)));
    const known = new Set(['docs/README.md', ...reached.map(({ path }) => path)]);
    expect(pages.map(({ path }) => path).filter((path) => path.startsWith('docs/') && !known.has(path))).toEqual([]);
  });

  it.each([
    ['What `docs:site` does', 'what-docssite-does'],
    ['GET /routes, and 2 more', 'get-routes-and-2-more'],
    ['Größe_und - Maß', 'größe_und---maß'],
  ])('name the heading "%s" as GitHub does', (heading, slug) => {
    expect(slugify(heading)).toBe(slug);
  });
});

describe('the blocks of the pages', () => {
  it('are commands only where they are called so, as then they are run', () => {
    const others = blocks
      .filter(({ language }) => ['', 'bash', 'shell', 'console', 'zsh'].includes(language))
      .filter(({ page }) => page !== CLI_PAGE);
    const commands = others.filter(({ code }) => /^\s*(\$ |curl |jockey |npm |docker |export )/m.test(code));
    expect(commands.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });

  it('that are not run say why in words, and are few', () => {
    const notRun = blocks.flatMap(({ notRun: reason }) => reason ?? []);
    expect(notRun.filter((reason) => reason.length < 15)).toEqual([]);
    expect(notRun.length).toBeLessThan(blocks.filter(({ language }) => language === 'sh').length / 5);
  });

  it('that ask by curl end badly when the answer is a refusal', () => {
    const asked = blocks
      .filter(({ language, notRun }) => language === 'sh' && notRun === null)
      .flatMap(({ page, code }) => [...code.matchAll(/\bcurl (?:.*\\\n)*.*/g)].map(([words]) => `${page}: ${words}`));
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((words) => !/ -[a-zA-Z]*f| --fail|%\{http_code\}/.test(words))).toEqual([]);
  });

  it('of settings name settings that there are', () => {
    const rules = getMetadataStorage().getTargetValidationMetadatas(Environment, '', false, false);
    const known = new Set(rules.map(({ propertyName }) => propertyName));
    const named = blocks
      .filter(({ language }) => language === 'dotenv')
      .flatMap(({ page, code }) => [...code.matchAll(/^#?(?<name>[A-Z_]+)=/gm)].map((match) => [page, match[1] ?? '']));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(([, name = '']) => !known.has(name))).toEqual([]);
  });

  it('name scripts of npm that there are', () => {
    const { scripts } = JSON.parse(readFileSync(fileOf('package.json'), 'utf8')) as { scripts: Record<string, string> };
    const named = blocks.flatMap(({ page, code }) =>
      [...code.matchAll(/\bnpm run (?:--silent )?(?<name>[a-z:-]+)/g)].map((match) => [page, match[1] ?? '']),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(([, name = '']) => !(name in scripts))).toEqual([]);
  });
});

describe('the examples of the verbs', () => {
  const examples = VERBS.flatMap(({ name, examples: lines = [] }) => lines.map((line) => [line, name] as const));

  it.each(examples)('jockey %s', (line, name) => {
    const [first = '', ...rest] = line.split(' ');
    expect(first).toBe(name);
    const verb = verbOf(name);
    const known = [...COMMON, ...(verb?.options ?? [])].flatMap(
      ({ flags }) => flags.match(/(?<![a-zA-Z])--?[a-z-]+/g) ?? [],
    );
    const own = verb?.passThrough === true ? [] : rest.filter((word) => /^--?[a-z]/.test(word));
    expect(own.filter((word) => !known.includes(word))).toEqual([]);
  });
});
