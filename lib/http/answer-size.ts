/**
 * In bytes. Lambda answers with 6 MB at most, and an answer's text is a string within JSON: there, a quote or a
 * line break takes twice its room. So what counts are the bytes that a text has there.
 */
export const LARGEST_ANSWER = 5_000_000;

/** The bytes of a value that is written as JSON, within JSON. */
export const bytesInAnswer = (value: unknown): number =>
  Buffer.byteLength(JSON.stringify(JSON.stringify(value)));
