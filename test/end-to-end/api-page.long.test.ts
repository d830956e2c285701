import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import type { Browser, Locator, Page } from 'playwright-core';
import { SOURCE_CONDITION } from '../../local/from-source.ts';
import { browserPath, type ObservedPage, openPage, startBrowser } from '../support/browser.ts';
import { type Service, startService } from '../support/service.ts';

/*
 * Tests the API page in a real browser. SCREENSHOTS names a folder for screenshots.
 */

const CREATE = '#operations-Products-create-product-in-store';
const DESK = { width: 1_280, height: 900 };
const PHONE = { width: 390, height: 844 };

const mug = {
  sku: 'PAGE-MUG',
  name: 'Travel Mug',
  price: { amount: 1_999, currency: 'USD' },
};

const keep = async (page: Page, name: string) => {
  const { SCREENSHOTS: folder } = process.env;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
};

const toggle = (operation: Locator) => operation.locator('.opblock-summary-control').click();

async function open(operation: Locator): Promise<void> {
  if (!(await operation.locator('.execute').isVisible())) await toggle(operation);
}

/** Opens an operation, fills it in, and sends it; returns the status and the body that the page shows. */
async function createProduct(page: Page) {
  const operation = page.locator(CREATE);
  await open(operation);
  await operation.locator('tr[data-param-name="store"] input').fill('store-a');
  await operation.locator('tr[data-param-name="Idempotency-Key"] input').fill('');
  await operation.locator('textarea.body-param__text').fill(JSON.stringify(mug));
  const [response] = await Promise.all([
    page.waitForResponse((each) => each.request().method() === 'POST'),
    operation.locator('.execute').click(),
  ]);
  const status = String(response.status());
  const shown = operation.locator('.live-responses-table tbody .response');
  await shown.locator('.response-col_status', { hasText: status }).waitFor();
  return {
    status,
    body: String(await shown.locator('.highlight-code code').first().textContent()),
  };
}

/** Opens an operation, sends it with its prefilled values, and returns the status and the body that the page shows. */
async function sendAsPrefilled(operation: Locator) {
  await open(operation);
  await operation.locator('.execute').click();
  const shown = operation.locator('.live-responses-table tbody .response');
  // If a value does not match its schema, the page sends nothing.
  const rejected = operation.locator('.validation-errors, .parameters .invalid');
  await shown.or(rejected).first().waitFor();
  if (!(await shown.isVisible()))
    return { status: `rejected by the page: ${await rejected.first().textContent()}` };
  const status = await shown.locator('.response-col_status').first().textContent();
  const body = await shown.locator('.response-col_description').textContent();
  return { status: Number.parseInt(status ?? '', 10), body };
}

const jsonOf = async (response: Response): Promise<ReturnType<typeof JSON.parse>> =>
  response.json();

async function signIn(page: Page, token: string): Promise<void> {
  await page.locator('.scheme-container .authorize').click();
  await page.locator('.auth-container input').fill(token);
  await page.locator('.auth-container .authorize').click();
  await page.locator('.btn-done').click();
}

type Paths = Record<string, Record<string, { operationId: string; tags: string[] }>>;

/** Returns the ids of the operations in a section, in the order of the document. */
const operationsOf = (paths: Paths, section: string): string[] =>
  Object.values(paths)
    .flatMap((item) => Object.values(item))
    .filter(({ tags }) => tags.includes(section))
    .map(({ operationId }) => operationId);

const blockOf = (section: string, id: string) =>
  `[id="operations-${section.replaceAll(' ', '_')}-${id}"]`;

function describePage(): void {
  let service: Service;
  let browser: Browser;
  let desk: ObservedPage;
  beforeAll(async () => {
    [service, browser] = await Promise.all([startService(), startBrowser()]);
    desk = await openPage(browser, `${service.url}/docs`, DESK);
    await desk.page.waitForSelector('.opblock');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  it('shows every operation of the document', async () => {
    const { paths } = await jsonOf(await service.fetch('/openapi.json'));
    const ids = Object.values<Record<string, { operationId: string }>>(paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    const shown = await desk.page
      .locator('.opblock')
      .evaluateAll((blocks) => blocks.map(({ id }) => id.replace(/^operations-[^-]+-/, '')));
    expect(shown.sort()).toEqual(ids.sort());
    await keep(desk.page, 'api-page');
  });

  it('shows the 401 of a request without a token', async () => {
    const { status, body } = await createProduct(desk.page);
    expect(status).toBe('401');
    expect(JSON.parse(body)).toMatchObject({ message: 'Unauthorized' });
  });

  it('signs in with a token, and creates a product', async () => {
    await signIn(desk.page, service.token);
    const { status, body } = await createProduct(desk.page);
    expect(status).toBe('201');
    expect(JSON.parse(body)).toMatchObject({ ...mug, stock: 0, version: 1 });
    await desk.page.locator(`${CREATE} .live-responses-table`).scrollIntoViewIfNeeded();
    await keep(desk.page, 'api-page-created');
    const { items } = await jsonOf(await service.fetch('/stores/store-a/products?q=travel'));
    expect(items).toMatchObject([mug]);
  });

  it('can call the service with the typed client, as Node can', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "export * from '@manystore/client'", resolveDir: import.meta.dirname },
      conditions: [SOURCE_CONDITION],
      bundle: true,
      format: 'iife',
      globalName: 'client',
      write: false,
    });
    const settings = JSON.stringify({ url: service.url, token: service.token });
    const found = await desk.page.evaluate(`(async () => {
      ${outputFiles[0]?.text}
      const found = [];
      const api = client.manystore(${settings});
      const options = { params: { query: { limit: 1 } } };
      for await (const { id } of api.items('/stores', options)) found.push(id);
      const rejected = client.manystore({ url: location.origin, token: 'none' }).GET('/stores');
      return [...found, await rejected.catch(({ message }) => message)];
    })()`);
    expect(found).toEqual([
      'pop-up',
      'store-a',
      'store-b',
      'store-eu',
      expect.stringMatching(/^401 Unauthorized: The gateway rejected the token/),
    ]);
  });

  it('shows every member of a problem', async () => {
    const { status, body } = await createProduct(desk.page);
    expect(status).toBe('409');
    expect(JSON.parse(body)).toMatchObject({
      type: 'urn:manystore:problem:duplicate-key',
      errors: [{ pointer: '/sku' }],
    });
    await desk.page.locator(`${CREATE} .live-responses-table`).scrollIntoViewIfNeeded();
    await keep(desk.page, 'api-page-problem');
  });

  it('sends every operation as it is prefilled, and shows a success', async () => {
    const { paths, tags } = await jsonOf(await service.fetch('/openapi.json'));
    const failed: Record<string, unknown> = {};
    let sent = 0;
    // The previous tests changed some values.
    await desk.page.goto(`${service.url}/docs`);
    await signIn(desk.page, service.token);
    for (const { name } of tags) {
      for (const id of operationsOf(paths, name)) {
        const operation = desk.page.locator(blockOf(name, id));
        const shown = await sendAsPrefilled(operation);
        if (![200, 201, 202, 204].includes(Number(shown.status))) failed[id] = shown;
        await toggle(operation);
        sent++;
      }
    }
    expect(failed).toEqual({});
    expect(sent).toBe(await desk.page.locator('.opblock').count());
  }, 600_000);

  it('fits on a phone with a response', async () => {
    const operation = desk.page.locator(blockOf('Stores', 'get-store'));
    await sendAsPrefilled(operation);
    await operation.scrollIntoViewIfNeeded();
    await keep(desk.page, 'api-page-tried');
    await desk.page.setViewportSize(PHONE);
    const width = await desk.page.evaluate('document.documentElement.scrollWidth');
    await operation.locator('.live-responses-table').scrollIntoViewIfNeeded();
    await keep(desk.page, 'api-page-phone-tried');
    expect(width).toBeLessThanOrEqual(PHONE.width);
  });

  it('sends requests only to the service, and violates no content security policy', () => {
    expect(desk.errors).toEqual([]);
    expect(desk.requests.length).toBeGreaterThan(5);
    for (const url of desk.requests) expect(url).toMatch(/^(?:data:|http:\/\/localhost:\d+\/)/);
  });

  it('fits on a phone', async () => {
    const { page, errors } = await openPage(browser, `${service.url}/docs`, PHONE);
    await page.waitForSelector('.opblock');
    await keep(page, 'api-page-phone');
    await page.locator(`${CREATE} .opblock-summary-control`).click();
    await page.locator(`${CREATE} .execute`).waitFor();
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(PHONE.width);
    const button = await page.locator(`${CREATE} .execute`).boundingBox();
    expect(button?.x).toBeGreaterThanOrEqual(0);
    expect((button?.x ?? 0) + (button?.width ?? PHONE.width)).toBeLessThanOrEqual(PHONE.width);
    expect(errors).toEqual([]);
  });

  it('can be used with the keyboard only', async () => {
    const { page } = await openPage(browser, `${service.url}/docs`, DESK);
    await page.waitForSelector('.opblock');
    const focused = (): Promise<{ text: string; operation?: string }> =>
      page.evaluate(`({
        text: document.activeElement?.textContent ?? '',
        operation: document.activeElement?.closest('.opblock')?.id,
      })`);
    const tabTo = async (isThere: (at: Awaited<ReturnType<typeof focused>>) => boolean) => {
      for (let steps = 0; steps < 200; steps++) {
        await page.keyboard.press('Tab');
        if (isThere(await focused())) return;
      }
      throw new Error('No number of tabs leads there');
    };
    await tabTo(({ text }) => text.startsWith('Authorize'));
    await page.keyboard.press('Enter');
    await page.locator('.auth-container input').waitFor();
    await tabTo(({ text }) => text === 'Close');
    await page.keyboard.press('Enter');
    await tabTo(({ operation }) => operation === CREATE.slice(1));
    await page.keyboard.press('Enter');
    await page.locator(`${CREATE} .execute`).waitFor();
    expect(await page.locator(`${CREATE} .execute`).isVisible()).toBe(true);
  });
}

describe("the API's page", () => {
  if (browserPath) describePage();
  // CI sets BROWSER.
  else
    it('is not tested without a browser (Debian: apt-get install chromium)', () => {
      expect(process.env.BROWSER).toBeUndefined();
    });
});
