import { describe, expect, it } from '@jest/globals';
import { abortable, DeadlineExceeded, deadlineIn, timeLeft } from '../src/deadline.ts';

describe('a deadline', () => {
  it('aborts its signal with DeadlineExceeded', async () => {
    using deadline = deadlineIn(0);
    await expect(abortable(new Promise(() => {}), deadline.signal)).rejects.toThrow(
      DeadlineExceeded,
    );
  });

  it('treats a negative time as zero', async () => {
    using deadline = deadlineIn(-5);
    await expect(abortable(new Promise(() => {}), deadline.signal)).rejects.toThrow(
      DeadlineExceeded,
    );
  });

  it('does not abort immediately when the time is infinite', async () => {
    using deadline = deadlineIn(Number.POSITIVE_INFINITY);
    using soon = deadlineIn(20);
    await expect(abortable(new Promise(() => {}), soon.signal)).rejects.toThrow();
    expect(deadline.signal.aborted).toBe(false);
  });
});

describe('timeLeft', () => {
  it('returns the milliseconds until the signal of a deadline is aborted', async () => {
    using deadline = deadlineIn(60_000);
    expect(timeLeft(deadline.signal)).toBeGreaterThan(0);
    expect(timeLeft(deadline.signal)).toBeLessThanOrEqual(60_000);
    using soon = deadlineIn(20);
    await expect(abortable(new Promise(() => {}), soon.signal)).rejects.toThrow();
    // A timer may fire a fraction of a millisecond early.
    expect(timeLeft(soon.signal)).toBeLessThan(2);
  });

  it('returns Infinity for a signal without a deadline', () => {
    expect(timeLeft(new AbortController().signal)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('abortable', () => {
  const error = new Error('aborted');

  it('returns the result of a promise that settles first', async () => {
    const { signal } = new AbortController();
    await expect(abortable(Promise.resolve(1), signal)).resolves.toBe(1);
  });

  it('rejects immediately with the reason of a signal that is already aborted', async () => {
    const late = Promise.reject(new Error('ignored'));
    await expect(abortable(late, AbortSignal.abort(error))).rejects.toBe(error);
  });

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = Object.create(signal, {
      aborted: { value: false },
      addEventListener: { value: () => listeners++ },
      removeEventListener: { value: () => listeners-- },
    }) as AbortSignal;
    await abortable(Promise.resolve(), counted);
    await Promise.resolve();
    expect(listeners).toBe(0);
  });
});
