import { cellOf, joinTags, splitTags } from './csv-cells.ts';
import { MAX_TAGS, type ProductInput } from './schema.ts';

/** A row of CSV on its way to a merge patch. Its values are not checked yet. */
export interface CsvRow {
  price?: { amount?: unknown; currency?: unknown } | undefined;
  attributes?: Record<string, unknown>;
  [name: string]: unknown;
}

/** A column of a CSV file of products: how a cell of it is written, and how it is read. */
export interface Column {
  name: string;
  /** How a cell is written, for the documentation, where it is not plain text or a number. */
  notation?: string;
  /** Returns the cell of a product. */
  write: (product: ProductInput) => string;
  /** Puts the text of a cell into a row. It is null for an empty cell. */
  read: (row: CsvRow, text: string | null) => void;
}

type TextField = {
  [Field in keyof ProductInput]-?: ProductInput[Field] extends string | undefined ? Field : never;
}[keyof ProductInput];

/** The column of a field that holds any text. An empty cell removes it. */
const textColumn = (name: TextField): Column => ({
  name,
  write: (product) => cellOf(product[name]),
  read(row, text) {
    row[name] = text;
  },
});

/** The fields that have columns of their own, in the order in which they are written. A missing field does not compile. */
const COLUMNS_OF = {
  sku: [textColumn('sku')],
  name: [textColumn('name')],
  description: [textColumn('description')],
  category: [textColumn('category')],
  tags: [
    {
      name: 'tags',
      notation: 'a|b',
      write: ({ tags }) => (tags.length > 0 ? cellOf(joinTags(tags)) : ''),
      read(row, text) {
        row.tags = text === null ? null : splitTags(text, MAX_TAGS + 1);
      },
    },
  ],
  price: [
    {
      name: 'amount',
      write: ({ price }) => String(price.amount),
      read(row, text) {
        row.price ??= {};
        row.price.amount = integerIn(text);
      },
    },
    {
      name: 'currency',
      write: ({ price }) => price.currency,
      read(row, text) {
        row.price ??= {};
        row.price.currency = text;
      },
    },
  ],
  stock: [
    {
      name: 'stock',
      write: ({ stock }) => String(stock),
      read(row, text) {
        if (text !== null) row.stock = integerIn(text);
      },
    },
  ],
  status: [
    {
      name: 'status',
      write: ({ status }) => status,
      read(row, text) {
        if (text !== null) row.status = text;
      },
    },
  ],
} satisfies Record<Exclude<keyof ProductInput, 'attributes'>, Column[]>;

/** The columns of a file of products, without those of attributes, in the order in which they are written. */
export const COLUMNS: readonly Column[] = Object.values(COLUMNS_OF).flat();

/** The prefix of the name of an attribute's column. */
export const ATTRIBUTE = 'attributes.';
/** The maximum number of columns of attributes in a file. */
export const MAX_ATTRIBUTE_COLUMNS = 1_000;

/** Returns the column of an attribute. An empty cell removes the attribute. */
export const attributeColumn = (attribute: string): Column => ({
  name: ATTRIBUTE + attribute,
  write: ({ attributes }) =>
    Object.hasOwn(attributes, attribute) ? cellOf(attributes[attribute]) : '',
  read(row, text) {
    row.attributes ??= {};
    row.attributes[attribute] = text;
  },
});

/** The integer of a text. A text that is not one stays text, which the product's schema rejects. */
const integerIn = (text: string | null): number | string | null =>
  text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
