import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The browser that BROWSER names, or else the one of Debian's package `chromium`, if it is installed. */
export const browserPath =
  process.env.BROWSER || ['/usr/bin/chromium'].find((path) => existsSync(path));

const QUIET = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: browserPath as string, args: QUIET });

/** A page, with its console output and requests. */
export interface ObservedPage {
  page: Page;
  /** The messages in the console and uncaught errors, except for responses that are problems. */
  errors: string[];
  /** The URLs that were requested. */
  requests: string[];
}

/** Opens a page in a new window of this size in pixels. */
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
    // The browser logs this for every response with a status of 400 or above.
    const isProblem = /^Failed to load resource.*status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !isProblem) errors.push(message.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, errors, requests };
}
