import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { Chromium, type WatchedPage } from '../support/chromium.js';
import { faultsOf } from '../support/page-checks.js';
import { Jockey, TOKEN } from './jockey.js';

const APP = 'paged';
const SIGNED_IN = { extraHTTPHeaders: { authorization: `Bearer ${TOKEN}` } };

let jockey: Jockey;
let chromium: Chromium;
/** The deploy that Swagger asked for. */
let deploy: string;

beforeAll(async () => {
  jockey = await Jockey.start({ SECRETS_KEY: Buffer.alloc(32, 7).toString('base64') });
  [chromium] = await Promise.all([Chromium.start(), jockey.createApp(APP, { scale: 2 })]);
});
afterAll(async () => {
  await chromium?.stop();
  await jockey?.stop();
});

const at = (path: string): string => jockey.client.url + path;

async function look(path: string, options: Parameters<Chromium['open']>[0] = SIGNED_IN): Promise<WatchedPage> {
  const watched = await chromium.open(options);
  await watched.page.goto(at(path));
  return watched;
}

/** Nothing was refused by the policy, no script failed, and nobody else was asked. */
function expectClean({ complaints, origins }: WatchedPage): void {
  expect(complaints).toEqual([]);
  expect([...origins]).toEqual([jockey.client.url]);
}

/** As a person does it: say who one is, open the operation, fill in the form, press Execute. */
async function tryOut(page: Page, body: object): Promise<{ shown: string; id: string }> {
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  await page.locator('#auth-bearer-value').fill(TOKEN);
  await page.getByRole('button', { name: 'Apply credentials' }).first().click();
  await page.getByRole('button', { name: 'Close' }).first().click();
  const operation = page.locator('#operations-deploys-createDeploy');
  await page.locator('#operations-tag-deploys').click();
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.locator('textarea.body-param__text').fill(JSON.stringify(body));
  const sent = page.waitForResponse((each) => each.request().method() === 'POST');
  await operation.getByRole('button', { name: 'Execute' }).click();
  const { data } = (await (await sent).json()) as { data: { id: string } };
  const shown = await operation.locator('.live-responses-table .response-col_status').last().innerText();
  return { shown: shown.trim(), id: data.id };
}

describe('in a real browser', () => {
  it('a person deploys the sample app on the page of the API, and sees it happen on the status page', async () => {
    const status = await look('/status');
    const row = status.page.locator('#places tr', { hasText: APP });
    expect(await row.count()).toBe(0);
    await status.page.locator('#live', { hasText: 'Live.' }).waitFor();

    const swagger = await look('/docs', {});
    const { shown, id } = await tryOut(swagger.page, { app: APP, environment: 'production', rref: 'main' });
    expect(shown).toMatch(/^202/);
    deploy = id;
    expectClean(swagger);

    await row.waitFor();
    await row.locator('.badge', { hasText: 'running' }).waitFor({ timeout: 180_000 });
    expect(await row.innerText()).toMatch(/v1\b[^]*web 2\/2/);
    expect(await status.page.locator('#deploys li').first().innerText()).toMatch(/succeeded/);
    expectClean(status);
  });

  it('a log comes as it is written', async () => {
    const second = await jockey.begin(APP, 'v2');
    const watched = await look(`/status/deploys/${second}`);
    await watched.page.locator('#facts .badge', { hasText: 'succeeded' }).waitFor({ timeout: 180_000 });
    const said = await jockey.log('deploys', second);
    await watched.page
      .locator('.log span', { hasText: said.at(-1) ?? '' })
      .first()
      .waitFor();
    expect(await watched.page.locator('.log span').allInnerTexts()).toEqual(said);
    expectClean(watched);
  });

  it('the page says the same without scripts', async () => {
    const watched = await look('/status', { ...SIGNED_IN, javaScriptEnabled: false });
    expect(await watched.page.locator('#places tbody tr').innerText()).toMatch(/paged[^]*running[^]*v2/);
    expect(await watched.page.locator('#hosts tbody tr').count()).toBe(jockey.cluster.hosts.length);
    expect(await watched.page.locator('#history svg[role=img]').count()).toBe(4);
    expect(await watched.page.locator('#log .log span').count()).toBeGreaterThan(0);
    expect(await watched.page.locator('#live').innerText()).toMatch(/As of .* UTC/);
    expectClean(watched);
  });

  it.each<[string, Parameters<Chromium['open']>[0]]>([
    ['on a desk', {}],
    ['in the dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 360, height: 740 } }],
  ])('every page can be read %s', async (_name, options) => {
    const { data } = await jockey.client.get(`/deploys/${deploy}`).then(({ body }) => body);
    const build = (data['build'] as { id: string }).id;
    for (const path of ['/status', `/status/apps/${APP}`, `/status/deploys/${deploy}`, `/status/builds/${build}`]) {
      const watched = await look(path, { ...SIGNED_IN, ...options });
      expect([path, await faultsOf(watched.page)]).toEqual([path, []]);
      expectClean(watched);
      await watched.page.context().close();
    }
  });

  it('a person signs in with a token, goes about by keyboard, pauses, and signs out', async () => {
    const { page, origins } = await look('/status', {});
    expect(await faultsOf(page)).toEqual([]);
    await page.getByLabel(/token/i).fill('a wrong one');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel(/token/i).fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.locator('#live', { hasText: 'Live.' }).waitFor();

    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe(APP);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/status/apps/${APP}`);

    await page.getByRole('button', { name: 'Pause' }).press('Space');
    await page.locator('#live', { hasText: 'Paused.' }).waitFor();
    await page.getByRole('button', { name: 'Go on' }).press('Enter');
    await page.locator('#live', { hasText: 'Live.' }).waitFor();

    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect((await page.goto(at('/status')))?.status()).toBe(401);
    expect([...origins]).toEqual([jockey.client.url]);
  });

  it('the page says so when the connection is lost, and goes on by itself', async () => {
    const { page } = await look('/status');
    await page.locator('#live', { hasText: 'Live.' }).waitFor();
    await page.context().setOffline(true);
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await page.locator('#live', { hasText: 'lost' }).waitFor();
    await page.context().setOffline(false);
    await page.locator('#live', { hasText: 'Live.' }).waitFor();
  });
});

const focused = (page: Page): Promise<string> =>
  page.evaluate<string>('document.activeElement?.textContent?.trim() ?? ""');
