import { posix } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPages } from '../../tools/docs/pages/pages.js';
import { buildSite, type Site } from '../../tools/docs/site/site.js';

describe('the site', () => {
  let site: Site;
  beforeAll(async () => {
    site = buildSite(await readPages());
  });

  it('holds all that its pages lead to and show', () => {
    const held = new Set([...site.html.keys(), ...site.files, 'site.css']);
    const dead = [...site.html].flatMap(([address, text]) =>
      [...text.matchAll(/ (?:href|src)="(?<to>[^"#:]+)(?:#[^"]*)?"/g)]
        .map(({ groups }) => posix.join(posix.dirname(address), groups?.['to'] ?? ''))
        .filter((path) => !held.has(path)),
    );
    expect([...new Set(dead)]).toEqual([]);
  });

  it('loads nothing from elsewhere and runs nothing', () => {
    for (const [address, text] of site.html) {
      expect(text, address).toContain("default-src 'none'");
      expect(text, address).not.toMatch(/<script|<iframe| style="|<(?:img|link)[^>]*"(?:https?:)?\/\//);
    }
  });

  it('has one page that is marked as the one that is read, in the navigation of each that is in it', () => {
    const page = site.html.get('docs/first-hour.html') ?? '';
    expect(page.match(/aria-current="page"/g)).toHaveLength(1);
    expect(page).toContain('<a href="first-hour.html" aria-current="page">');
  });

  it('escapes what pages say', () => {
    const text = '# A <b>"title"</b>\n\n`<script>alert(1)</script>`\n';
    const html = buildSite([{ path: 'docs/x.md', text }]).html.get('docs/x.html') ?? '';
    expect(html).toContain('<title>A &lt;b&gt;&quot;title&quot;&lt;/b&gt; · Jockey</title>');
    expect(html).toContain('&lt;script&gt;');
  });
});
