/**
 * A stored document does not have the fields of its schema, so another program has written it. The message may contain no
 * values of the document besides its `_id`, because it is logged.
 */
export class InvalidRecord extends Error {
  override readonly name = 'InvalidRecord';
}
