import { quickReader, UNSURE } from './quick-reader.ts';
import { type ProductInput, productInput } from './schema.ts';

let read: ReturnType<typeof quickReader<typeof productInput>> | undefined;

/** Returns the product of a request as its schema does; undefined if only the schema can validate it. */
export function quickInput(value: unknown): ProductInput | undefined {
  read ??= quickReader(productInput);
  const product = read(value);
  return product === UNSURE ? undefined : product;
}
