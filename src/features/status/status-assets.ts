import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import type { AssetPaths } from './pages/layout.js';

/** A file of ours that a page loads. */
export interface Asset {
  readonly type: string;
  readonly content: Buffer;
}

const TYPES = {
  'status.css': 'text/css; charset=utf-8',
  'status.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

type Name = keyof typeof TYPES;

/** Our style, script and sign. Pages name them by what is in them, so that a browser may keep them for good. */
@Injectable()
export class StatusAssets {
  private readonly all = new Map<string, Asset>(
    (Object.keys(TYPES) as Name[]).map((name) => [
      name,
      { type: TYPES[name], content: readFileSync(new URL(`assets/${name}`, import.meta.url)) },
    ]),
  );

  /** Their addresses. */
  readonly paths: AssetPaths = {
    style: this.pathOf('status.css'),
    script: this.pathOf('status.js'),
    icon: this.pathOf('icon.svg'),
  };

  /** One by its name; undefined for what there is not. */
  find(name: string): Asset | undefined {
    return this.all.get(name);
  }

  private pathOf(name: Name): string {
    const content = this.all.get(name)?.content ?? '';
    return `/status/assets/${name}?v=${createHash('sha256').update(content).digest('hex').slice(0, 12)}`;
  }
}
