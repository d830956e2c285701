/** The columns of a file of products besides those of attributes, in the order in which they are written. */
export const COLUMNS = [
  'sku',
  'name',
  'description',
  'category',
  'tags',
  'amount',
  'currency',
  'stock',
  'status',
] as const;
/** What the name of an attribute's column begins with. */
export const ATTRIBUTE = 'attributes.';
/** A file may have at most so many columns of attributes. */
export const MOST_ATTRIBUTES = 1_000;
