import { headProducts, oldRecords, sampleStores } from '../local/sample-data.ts';

/** The time and the request id that all example responses show. */
const NOW = '2026-11-22T09:30:00.000Z';
const REQUEST = '0b8d6f0e-3c5e-4b7f-9a51-3f6f0e2d7c11';
const KNOWN = new Set(
  [headProducts, ...sampleStores.map(({ products }) => products), oldRecords].flatMap(Object.keys),
);

/**
 * Returns a function that makes response texts reproducible. It replaces each generated id with the next id of a fixed
 * sequence (the same id always with the same one), and each current time with a fixed time. The ids of the
 * sample catalog and the times of the seeded data are unchanged.
 */
export function stabilizer(): (text: string) => string {
  const ids = new Map<string, string>();
  const idFor = (id: string) => {
    if (KNOWN.has(id)) return id;
    const known =
      ids.get(id) ?? `6743f1c2a9b0c4d5e6f7${(0x0900 + ids.size).toString(16).padStart(4, '0')}`;
    ids.set(id, known);
    return known;
  };
  return (text) =>
    text
      .replace(/(?<=urn:manystore:request:)[\w-]+/g, REQUEST)
      .replace(/(?<!0)\b[0-9a-f]{24}\b/g, idFor)
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (instant) =>
        isNow(instant) ? NOW : instant,
      )
      .replace(/(?<="ms":)\d+/g, '3');
}

/** Whether a time was read from the clock while the examples ran: the times of the seeded data are days old. */
const isNow = (instant: string) => Math.abs(Date.parse(instant) - Date.now()) < 600_000;
