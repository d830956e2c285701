/*
 * The log and the metrics are lines on stdout and stderr, which are pipes in Lambda. Node buffers what the reader of a
 * pipe does not take, without a limit.
 */

/** The number of bytes that may wait for the reader of a stream. */
const MAX_WAITING_BYTES = 1_000_000;

/** The exit code of a process whose log cannot be written any more: EX_IOERR of sysexits.h. */
export const LOG_CLOSED = 74;

/** Long enough to send the response of the request whose line could not be written. */
const EXIT_AFTER_MS = 100;

type Stream = 'stdout' | 'stderr';

/** The number of dropped lines of the streams that are full. */
const dropped = new Map<Stream, number>();
const guarded = new Set<Stream>();
let isExiting = false;

/**
 * Writes a line, or drops it while a megabyte waits for the reader of the stream. If the reader has closed the stream, the
 * process exits with the code {@link LOG_CLOSED}: Lambda then replaces the container.
 *
 * @param write writes the line to the stream
 * @param onDrained receives the number of lines that were dropped, once the reader has taken the others
 */
export function writeLine(
  stream: Stream,
  write: () => void,
  onDrained: (lines: number, stream: Stream) => void,
): void {
  const output = process[stream];
  if (!guarded.has(stream)) {
    guarded.add(stream);
    // Another copy of this module may have listened already.
    if (!output.listeners('error').some(({ name }) => name === exit.name)) output.on('error', exit);
  }
  if (output.writableLength <= MAX_WAITING_BYTES) {
    write();
    return;
  }
  if (!dropped.has(stream))
    output.once('drain', () => {
      const lines = dropped.get(stream) ?? 0;
      dropped.delete(stream);
      onDrained(lines, stream);
    });
  dropped.set(stream, (dropped.get(stream) ?? 0) + 1);
}

function exit(): void {
  if (isExiting) return;
  isExiting = true;
  setTimeout(() => process.exit(LOG_CLOSED), EXIT_AFTER_MS);
}
