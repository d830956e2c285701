import type { Container, Outcome } from './container.ts';

/** What happened to a request to a fleet. */
export interface Served extends Outcome {
  /** Whether all containers were busy when it arrived. */
  hasWaited: boolean;
  /** From its arrival to the response, in milliseconds. */
  total: number;
}

/**
 * Containers of a function, with one queue of requests. Each serves one request at a time, as in Lambda. The one that has been
 * idle for the longest time gets the next request.
 */
export class Fleet {
  readonly #idle: Container[];
  readonly #waiting: ((container: Container) => void)[] = [];
  readonly #timeout: number;

  /** @param timeout the time until Lambda ends an invocation, in milliseconds */
  constructor(containers: readonly Container[], timeout: number) {
    this.#idle = [...containers];
    this.#timeout = timeout;
  }

  async send(event: object): Promise<Served> {
    const arrived = performance.now();
    const idle = this.#idle.shift();
    const container = idle ?? (await new Promise<Container>((take) => this.#waiting.push(take)));
    const outcome = await container.invoke(event, this.#timeout);
    const next = this.#waiting.shift();
    if (next) next(container);
    else this.#idle.push(container);
    return { ...outcome, hasWaited: idle === undefined, total: performance.now() - arrived };
  }
}
