import { type Html, html } from '../html.js';

/** Something could not be shown. */
export const problemPage = (title: string, sentence: string): Html =>
  html` <h1>${title}</h1>
    <p class="lead">${sentence}</p>
    <p><a href="/status">To the status</a></p>`;

/** How somebody who is not signed in comes in. */
export interface WaysIn {
  /** Where they wanted to go. */
  readonly path: string;
  /** Why they have to sign in, where they tried. */
  readonly sentence: string | null;
  /** Whether people can sign in at GitHub here. */
  readonly byGithub: boolean;
  /** Whether a browser can keep a token here. */
  readonly byToken: boolean;
}

/** The way in. */
export const signInPage = ({ path, sentence, byGithub, byToken }: WaysIn): Html =>
  html` <div class="sign-in">
    <h1>Sign in</h1>
    ${sentence !== null && html`<p class="refusal" role="alert">${sentence}</p>`}
    ${byGithub && html`<p><a class="button" href="/auth/github?return_to=${encodeURIComponent(path)}">Sign in with GitHub</a></p>`}
    ${byToken ? tokenForm(path) : html`<p>To sign in with a token, Jockey needs SECRETS_KEY: with it the browser keeps the token sealed.</p>`}
  </div>`;

const tokenForm = (path: string): Html =>
  html` <form method="post" action="/auth/token">
    <input type="hidden" name="return_to" value="${path}" />
    <p>
      <label for="token">Token of Jockey, or your own of GitHub</label>
      <input
        id="token"
        name="token"
        type="password"
        autocomplete="current-password"
        required
        maxlength="2000"
        spellcheck="false"
      />
    </p>
    <p><button type="submit">Sign in with a token</button></p>
  </form>`;
