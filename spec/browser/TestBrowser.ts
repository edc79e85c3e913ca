import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether there is a Chromium to test with: that of the environment variable CHROMIUM, or the system's. */
export const hasBrowser: boolean = existsSync(EXECUTABLE);

/** A headless Chromium with nothing in it, and nothing left of it. */
export class TestBrowser {
  readonly #context: BrowserContext;
  readonly #folder: string;

  private constructor(context: BrowserContext, folder: string) {
    this.#context = context;
    this.#folder = folder;
  }

  static async launch(): Promise<TestBrowser> {
    const folder = mkdtempSync(join(tmpdir(), 'flysocket-browser-'));
    const context = await chromium.launchPersistentContext(folder, { executablePath: EXECUTABLE, args: ARGUMENTS });
    return new TestBrowser(context, folder);
  }

  /** Opens a page whose program has run. What it throws and nobody catches is collected in `errors`. */
  async open(url: string, errors: string[] = []): Promise<Page> {
    const page = await this.#context.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(url);
    await page.waitForFunction('globalThis.scenarios !== undefined');
    return page;
  }

  newPage(): Promise<Page> {
    return this.#context.newPage();
  }

  async close(): Promise<void> {
    await this.#context.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
