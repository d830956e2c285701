import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { log } from './log.ts';
import { invocationTrace } from './settings.ts';
import type { Span } from './span.ts';

/** Sends a trace to the X-Ray daemon of the container, or writes it to the log as a list of lines. */
export function exportTrace(root: Span, exporter: 'xray' | 'log'): void {
  if (exporter === 'log') log.info('trace', { spans: linesOf(root, root.startedAt, 0) });
  else sendToXRay(root);
}

/** Returns a line for each span: when it began, how long it took, and its name, indented by its depth. */
function linesOf(
  { name, startedAt, endedAt, hasFailed, children, omitted }: Span,
  zero: number,
  depth: number,
): string[] {
  const ms = (value: number) => `${value.toFixed(1).padStart(7)} ms`;
  const line = `${ms(startedAt - zero)} ${ms(endedAt - startedAt)}  ${'  '.repeat(depth)}${name}${hasFailed ? ' (failed)' : ''}${omitted > 0 ? ` (${omitted} more parts)` : ''}`;
  return [line, ...children.flatMap((child) => linesOf(child, zero, depth + 1))];
}

/** Parses the trace header of an invocation, such as `Root=1-…;Parent=…;Sampled=1`. */
const membersOf = (header: string): Record<string, string> =>
  Object.fromEntries(header.split(';').map((part) => part.split('=')));

function sendToXRay(root: Span): void {
  const { header, daemon } = invocationTrace();
  const { Root, Parent, Sampled } = membersOf(header);
  const [host, port] = daemon.split(':');
  if (Sampled !== '1' || !host || !port) return;
  const segment = { ...subsegment(root), trace_id: Root, parent_id: Parent, type: 'subsegment' };
  const text = `{"format":"json","version":1}\n${JSON.stringify(segment)}`;
  const socket = createSocket('udp4');
  // A lost trace must not fail the request.
  socket.on('error', () => socket.close());
  socket.send(text, Number(port), host, () => socket.close());
}

/** Returns a span in X-Ray's format, with times in seconds. */
const subsegment = ({ name, startedAt, endedAt, hasFailed, children, omitted }: Span): object => ({
  id: randomBytes(8).toString('hex'),
  name,
  start_time: startedAt / 1_000,
  end_time: endedAt / 1_000,
  ...(hasFailed ? { fault: true } : {}),
  ...(omitted > 0 ? { annotations: { omitted } } : {}),
  ...(children.length > 0 ? { subsegments: children.map(subsegment) } : {}),
});
