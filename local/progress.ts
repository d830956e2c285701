/** The progress of a long command: see {@link showProgress}. */
export interface Progress {
  /** Adds the number of items that were completed. */
  add: (count: number) => void;
  /** Ends the progress line, so that the next output starts on a new line. */
  end: () => void;
}

/** The output for progress: a terminal, a pipe or a file. */
interface Output {
  isTTY?: boolean;
  write: (text: string) => unknown;
}

/**
 * Shows the progress of a long command: on a terminal in one line that is updated, elsewhere in one line per 10 %.
 *
 * @param what the plural of what is counted, such as "stores"
 * @param total the number of items
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
