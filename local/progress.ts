/** How far a long command is, told as it goes: see {@link showProgress}. */
export interface Progress {
  /** So many more are done. */
  add: (count: number) => void;
  /** The command has ended: what is written next stands on a line of its own. */
  end: () => void;
}

/** Where progress is shown: a terminal, or what a program or a file reads. */
interface Output {
  isTTY?: boolean;
  write: (text: string) => unknown;
}

/**
 * Shows how much of a long command is done: on a terminal in one line that changes, elsewhere in a plain line
 * for each tenth.
 *
 * @param what is counted, as a plural: "stores"
 * @param total how many there are
 */
export function showProgress(
  what: string,
  total: number,
  output: Output = process.stderr,
): Progress {
  const start = performance.now();
  let done = 0;
  let tenths = 0;
  const line = () => {
    const percent = Math.floor((done / Math.max(total, 1)) * 100);
    const seconds = ((performance.now() - start) / 1_000).toFixed(1);
    return `${done} of ${total} ${what} (${percent} %, ${seconds} s)`;
  };
  return {
    add(count) {
      done += count;
      if (output.isTTY) {
        output.write(`\r\u001B[K${line()}`);
        return;
      }
      const reached = Math.floor((done / Math.max(total, 1)) * 10);
      if (reached > tenths) output.write(`${line()}\n`);
      tenths = reached;
    },
    end() {
      if (output.isTTY) output.write('\n');
    },
  };
}
