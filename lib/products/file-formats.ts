import { stringify } from 'csv-stringify/sync';
import { bytesInAnswer, MAX_RESPONSE_BYTES } from '../http/answer-size.ts';
import { ATTRIBUTE, attributeColumn, COLUMNS, MAX_ATTRIBUTE_COLUMNS } from './csv-columns.ts';
import type { ProductInput } from './schema.ts';

/** A format in which products are written to a file, such that it can be read again without a change. */
export interface FileFormat {
  /** Its media type. */
  type: string;
  /** The end of a file's name. */
  extension: string;
  /** Tells, product after product, whether a file is still small enough with it. */
  gauge: () => (product: ProductInput) => boolean;
  write: (products: ProductInput[]) => string;
}

/** Of attributes: most of them empty, but each takes memory when the file is read. */
const MAX_CELLS = 1_000_000;

/** A product on each line. */
const ndjson: FileFormat = {
  type: 'application/x-ndjson',
  extension: 'ndjson',
  gauge: () => {
    let bytes = 0;
    return (product) => {
      bytes += bytesInAnswer(product);
      return bytes <= MAX_RESPONSE_BYTES;
    };
  },
  write: (products) => products.map((product) => `${JSON.stringify(product)}\n`).join(''),
};

/**
 * A table with a header, and a column for each attribute that one of the products has. All that a caller can
 * write of a product survives it. What a table has no place for is the difference between an attribute that
 * a product has not, and one that its file does not know: laid over a product that got another attribute in
 * the meantime, a file removes that one only if it has a column for it.
 */
const csv: FileFormat = {
  type: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  gauge: () => {
    const attributes = new Set<string>();
    let bytes = 0;
    let rows = 1;
    return (product) => {
      const names = Object.keys(product.attributes).filter((name) => !attributes.has(name));
      for (const name of names) attributes.add(name);
      const cells = [
        ...COLUMNS.map(({ write }) => write(product)),
        ...Object.values(product.attributes),
      ];
      // Quotes and line breaks take no more room in cells than in JSON, so this is not too little.
      bytes += bytesInAnswer(cells) + bytesInAnswer(names.map((name) => ATTRIBUTE + name));
      rows += 1;
      const cellsOfAttributes = rows * attributes.size;
      return (
        attributes.size <= MAX_ATTRIBUTE_COLUMNS &&
        cellsOfAttributes <= MAX_CELLS &&
        bytes + cellsOfAttributes <= MAX_RESPONSE_BYTES
      );
    };
  },
  write(products) {
    const names = [...new Set(products.flatMap(({ attributes }) => Object.keys(attributes)))];
    const columns = [...COLUMNS, ...names.map(attributeColumn)];
    const header = columns.map(({ name }) => name);
    const rows = products.map((product) => columns.map(({ write }) => write(product)));
    return stringify([header, ...rows], { eof: true, quoted_match: /[\r\n]/ });
  },
};

export const formats = { ndjson, csv } as const;
