import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { eventFor } from '../../bench/event.ts';
import { EXAMPLE } from '../../openapi/example-requests.ts';
import type { Container } from './lambda/container.ts';
import type { Lane } from './lane.ts';
import { Counts } from './statistics.ts';

/** How long a client repeats a request that has no final response. */
const PATIENCE = 90_000;
const PAUSE = 100;

/** The writes of many clients, which are compared with the contents of the primary in the end. */
export class Writers {
  readonly statuses = new Counts();
  readonly violations: string[] = [];
  /** The acknowledged sales, by product, and the SKUs of the acknowledged products, by store. */
  #sold = 0;
  readonly #created: string[] = [];
  readonly #lane: Lane;

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  get acknowledged(): number {
    return this.#sold + this.#created.length;
  }

  /**
   * Sends writes with keys to a container, one after another, until `isOver`. A request without a final response is repeated
   * with its key, also after that.
   */
  async run(container: Container, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const isSale = container.name === 'adjust-stock';
      const sku = `W-${randomUUID()}`;
      const acknowledged = await this.#send(container, isSale ? sale() : creation(sku));
      if (acknowledged && isSale) this.#sold += 1;
      else if (acknowledged) this.#created.push(sku);
      if (!acknowledged) return;
    }
  }

  async #send(container: Container, event: object): Promise<boolean> {
    const started = performance.now();
    const timeout = this.#lane.lab.artifacts.timeoutOf(container.name);
    while (performance.now() - started < PATIENCE) {
      const { end, status, body } = await container.invoke(event, timeout);
      this.statuses.add(status);
      if (status === 200 || status === 201) return true;
      const isRetryable = status === 503 || body?.type?.endsWith(':still-running');
      if (!isRetryable) {
        const cause = container.lastError ?? JSON.stringify(body);
        this.violations.push(`${container.name}: ${end} with ${status}: ${cause}`);
        return false;
      }
      await setTimeout(PAUSE);
    }
    this.violations.push(`${container.name}: no acknowledgement in ${PATIENCE / 1_000} s`);
    return false;
  }

  /** Compares the primary with the acknowledged writes, and adds what was lost or doubled to the violations. */
  async verify(): Promise<void> {
    const store = this.#lane.clients.primary.db(`store_${EXAMPLE.store}`).collection('products');
    const initial = this.#lane.lab.catalog
      .find(({ database, name }) => database === `store_${EXAMPLE.store}` && name === 'products')
      ?.documents.find(
        (document) => String((document as { _id: unknown })._id) === EXAMPLE.product,
      );
    const { stock: before } = initial as unknown as { stock: number };
    const product = await store.findOne({
      name: { $exists: true },
      stock: { $gte: 0 },
      ...byId(initial),
    });
    const counted = product?.stock - before;
    if (counted !== this.#sold)
      this.violations.push(
        `${this.#sold} acknowledged changes of a stock, of which ${counted} were counted`,
      );
    const found = await store.find({ sku: /^W-/ }).toArray();
    const skus = new Set(found.map(({ sku }) => sku));
    const lost = this.#created.filter((sku) => !skus.has(sku)).length;
    const doubled = found.length - skus.size;
    const surplus = found.length - this.#created.length;
    if (lost > 0 || doubled > 0 || surplus !== 0)
      this.violations.push(
        `${this.#created.length} acknowledged products: ${lost} were lost, ${doubled} doubled, ${surplus} too many`,
      );
  }
}

const byId = (document: unknown) => ({ _id: (document as { _id: never })._id });

const headers = () => ({ 'idempotency-key': randomUUID() });

const sale = () =>
  eventFor('POST /stores/{store}/products/{product}/stock', {
    path: { store: EXAMPLE.store, product: EXAMPLE.product },
    headers: headers(),
    body: { by: 1 },
  });

const creation = (sku: string) =>
  eventFor('POST /stores/{store}/products', {
    path: { store: EXAMPLE.store },
    headers: headers(),
    body: { sku, name: 'Written under faults', price: { amount: 1, currency: 'USD' } },
  });
