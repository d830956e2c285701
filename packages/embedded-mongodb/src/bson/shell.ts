import { ObjectId } from 'bson';
import { isView, type View } from './values.ts';

/**
 * Formats a value as MongoDB's error messages do.
 *
 * @param value a value of a view
 */
export function shellText(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (Array.isArray(value)) return `[ ${value.map(shellText).join(', ')} ]`;
  if (isView(value)) return shellDocument(value);
  return String(value ?? null);
}

/** Formats a document as MongoDB's error messages do. */
export function shellDocument(document: View): string {
  const fields = Object.entries(document).map(([key, value]) => `${key}: ${shellText(value)}`);
  return `{ ${fields.join(', ')} }`;
}
