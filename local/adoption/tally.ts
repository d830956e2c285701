/** The number of documents that are listed as examples, and of those that are listed as left out. */
const MAX_EXAMPLES = 3;
const MAX_FAULTS = 20;

export const OUTCOMES = ['created', 'updated', 'unchanged'] as const;

/** Counts the documents for one catalog or archive, by what happens to them. */
export class Tally {
  /** Where the documents come from: names of databases and collections. */
  readonly from = new Set<string>();
  accepted = 0;
  leftOut = 0;
  readonly counts: Record<(typeof OUTCOMES)[number], number> = {
    created: 0,
    updated: 0,
    unchanged: 0,
  };
  readonly #examples: string[] = [];
  readonly #faults: string[] = [];
  readonly #unknown = new Map<string, number>();

  accept(example: string): void {
    this.accepted += 1;
    if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(example);
  }

  /** Counts a document that is left out, or that the service rejected after it was accepted. */
  leaveOut(id: string, reason: string): void {
    this.leftOut += 1;
    if (this.#faults.length < MAX_FAULTS) this.#faults.push(`${id}: ${reason}`);
  }

  reject(id: string, reason: string): void {
    this.accepted -= 1;
    this.leaveOut(id, reason);
  }

  /** Counts members that are not copied. */
  ignore(members: string[]): void {
    for (const name of members) this.#unknown.set(name, (this.#unknown.get(name) ?? 0) + 1);
  }

  /** Returns the lines of a report, below a heading. */
  lines(): string[] {
    const more = this.leftOut - this.#faults.length;
    const unknown = [...this.#unknown].map(([name, count]) => `${name} (${count})`);
    return [
      ...this.#examples.map((example) => `for example ${example}`),
      ...(unknown.length > 0
        ? [`not copied, since products do not have it: ${unknown.join(', ')}`]
        : []),
      ...this.#faults.map((fault) => `left out: ${fault}`),
      ...(more > 0 ? [`left out: ${more} more`] : []),
    ];
  }
}
