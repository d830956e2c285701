/** What an attempt returns whose write found that somebody else had changed the document since it was read. */
export const CHANGED_MEANWHILE = Symbol('changed meanwhile');

/**
 * Runs `attempt`, which reads, decides, and writes if what it read is unchanged, until its write succeeds or it has
 * nothing to write. Of several callers at once, one succeeds in each round, so this ends, at the latest with the
 * deadline.
 *
 * @returns what `attempt` returned in the end. What it throws is thrown on
 */
export async function untilUnchanged<R>(
  attempt: () => Promise<R | typeof CHANGED_MEANWHILE>,
): Promise<R> {
  for (;;) {
    const result = await attempt();
    if (result !== CHANGED_MEANWHILE) return result as R;
  }
}
