/** The result of an attempt that did not write, because another request changed the document after it was read. */
export const CHANGED_MEANWHILE = Symbol('changed meanwhile');

/**
 * Repeats an optimistic write until no other request interferes. `attempt` reads a document, and writes its change only
 * if the document still has the version that was read. One of several concurrent callers succeeds in each round, so the
 * repetition ends, at the latest at the deadline.
 *
 * @returns the result of the last attempt. An error of an attempt is rethrown
 */
export async function untilUnchanged<R>(
  attempt: () => Promise<R | typeof CHANGED_MEANWHILE>,
): Promise<R> {
  for (;;) {
    const result = await attempt();
    if (result !== CHANGED_MEANWHILE) return result as R;
  }
}
