import type { Occasion, Part } from '../status-reads.js';
import { type Content, type Html, html } from '../html.js';

/** The addresses of our style and script, which change with what is in them. */
export interface AssetPaths {
  readonly style: string;
  readonly script: string;
  readonly icon: string;
}

/** What stands around every page. */
export interface Frame {
  readonly assets: AssetPaths;
  /** What the page is of, for the title of the window. */
  readonly title: string;
  /** Null for who is not signed in: such a page is not kept up to date. */
  readonly occasion: Occasion | null;
  /** Where the browser's session can be ended; who came with a token of their own has none. */
  readonly hasSession: boolean;
}

/** A whole page. */
export function page({ assets, title, occasion, hasSession }: Frame, content: Content): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title} · Jockey</title>
        <link rel="icon" type="image/svg+xml" href="${assets.icon}" />
        <link rel="stylesheet" href="${assets.style}" />
        ${occasion !== null && html`<script src="${assets.script}" defer></script>`}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="bar">
          <a class="brand" href="/status">Jockey</a>
          <nav aria-label="Pages"><a href="/status">Status</a><a href="/docs">API</a></nav>
          ${occasion !== null && html`${stateOf(occasion)}${signedIn(occasion, hasSession)}`}
        </header>
        <main id="main" tabindex="-1">${content}</main>
      </body>
    </html> `.text;
}

const signedIn = ({ who }: Occasion, hasSession: boolean): Html =>
  html`<div class="who">
    <span>${who}</span>
    ${hasSession && html`<form method="post" action="/signout"><button type="submit">Sign out</button></form>`}
  </div>`;

/** All times of a page are of UTC, as those of the logs are. A script says here whether the page is live. */
const stateOf = ({ now }: Occasion): Html =>
  html`<div class="state">
    <p id="live" role="status">
      As of <time datetime="${now.toISOString()}">${now.toISOString().slice(11, 19)} UTC</time>.
      <a href="">Load again</a>
    </p>
  </div>`;

/** A part of a page that is replaced as a whole when it changes. */
export const section = (id: string, heading: string, content: Content): Html =>
  html` <section id="${id}" data-part aria-labelledby="${id}-heading">
    <h2 id="${id}-heading">${heading}</h2>
    ${content}
  </section>`;

/** What a part shows, or the sentence that says why it cannot. */
export const shown = <T>(part: Part<T>, view: (data: T) => Html): Html =>
  'data' in part ? view(part.data) : html`<p class="refusal">${part.refusal}</p>`;

/** How something is: colour never says it alone. */
export type Tone = 'good' | 'busy' | 'bad' | 'odd' | 'calm';

/** A word with the colour and the sign of its tone. */
export const badge = (tone: Tone, word: string): Html => html`<span class="badge ${tone}">${word}</span>`;
