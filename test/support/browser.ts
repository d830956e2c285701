import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The browser that BROWSER names; else the one that Debian's package `chromium` installs, if it is there. */
export const browserPath =
  process.env.BROWSER || ['/usr/bin/chromium'].find((path) => existsSync(path));

const QUIET = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: browserPath as string, args: QUIET });

/** A page, and what it did that one does not see. */
export interface ObservedPage {
  page: Page;
  /** What is in the console but for the answers that are problems, and what was thrown. */
  errors: string[];
  /** The addresses that were asked for. */
  requests: string[];
}

/** Opens a page in a window of its own, of this size in pixels. */
export async function openPage(
  browser: Browser,
  url: string,
  viewport: { width: number; height: number },
): Promise<ObservedPage> {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    // The browser says so of every answer of 400 and above.
    const isProblem = /^Failed to load resource.*status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !isProblem) errors.push(message.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, errors, requests };
}
