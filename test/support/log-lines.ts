import { log } from '#lib/runtime/log.ts';
import { countConnectionEvent } from '#lib/runtime/metrics.ts';

/*
 * A process that writes so many lines to its log, and as many metrics: `log-lines.ts COUNT`. It reports how many bytes
 * wait for the reader, and exits when its parent disconnects.
 */

const count = Number(process.argv[2]);
process.once('disconnect', () => process.exit());
for (let n = 0; n < count; n++) {
  log.info('line', { n });
  countConnectionEvent('primary', 'connected');
  if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
}
process.send?.(process.stdout.writableLength);
