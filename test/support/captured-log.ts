import { afterAll, beforeAll, jest } from '@jest/globals';

/** Captures everything that the tests of a file print, and prints none of it. */
export function captureLog(): { readonly text: string; clear: () => void } {
  let text = '';
  const write = (...words: unknown[]) => {
    text += words.join(' ');
    return true;
  };
  beforeAll(() => {
    for (const stream of [process.stdout, process.stderr])
      jest.spyOn(stream, 'write').mockImplementation(write);
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      jest.spyOn(console, method).mockImplementation(write);
  });
  afterAll(() => {
    jest.restoreAllMocks();
  });
  return {
    get text() {
      return text;
    },
    clear: () => {
      text = '';
    },
  };
}
