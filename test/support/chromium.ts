import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { requirePrograms } from '../../tools/machine/packages.js';

/** A page, and what went wrong in it that nobody sees: broken policies, failing scripts, and whom it asked. */
export interface WatchedPage {
  readonly page: Page;
  /** What the browser itself complained of. */
  readonly complaints: readonly string[];
  /** Origins of everything that was loaded or asked. */
  readonly origins: ReadonlySet<string>;
}

/** A real Chromium without a window, for the pages that people look at. */
export class Chromium {
  private constructor(private readonly browser: Browser) {}

  /** Brings it where the machine has none. As root it has no sandbox: it opens our own pages alone. */
  static async start(): Promise<Chromium> {
    const { chromium: executablePath } = await requirePrograms(['chromium']);
    return new Chromium(await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] }));
  }

  /** A page of a new person, who has no cookies yet. */
  async open(options: BrowserContextOptions = {}): Promise<WatchedPage> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    const origins = new Set<string>();
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => origins.add(new URL(request.url()).origin));
    return { page, complaints, origins };
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}
