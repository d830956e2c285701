/**
 * The first few of a sequence; what comes after them is not even looked for.
 *
 * @param items any sequence
 * @param count how many
 */
export function* take<T>(items: Iterable<T>, count: number): Iterable<T> {
  let left = count;
  if (left <= 0) return;
  for (const item of items) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}

/** A sequence without its first few. */
export function* drop<T>(items: Iterable<T>, count: number): Iterable<T> {
  let left = count;
  for (const item of items) {
    if (left > 0) left -= 1;
    else yield item;
  }
}

/** A sequence whose items are made when they are asked for. */
export function* map<T, R>(items: Iterable<T>, make: (item: T) => R): Iterable<R> {
  for (const item of items) yield make(item);
}
