import type { mongo } from 'mongoose';
import { faultsOf, inWords } from '#lib/http/faults.ts';
import { productInput } from '#lib/products/schema.ts';
import { amountOf } from './amount.ts';
import { foldedWords } from './store-ids.ts';

/** How products are made from old documents. */
export interface Conversion {
  /** ISO 4217. The old documents do not contain it. */
  currency: string;
  /** The number of decimals of the currency. */
  digits: number;
  /** Whether prices with more decimals are rounded. */
  round: boolean;
  /** What a SKU is made from. */
  sku: 'name' | 'id';
}

/** A row for import-products, or why there is none. */
export type Row = { sku: string; name: string; amount: number; json: string } | { fault: string };

/** The members of an old document that a product has too, with the same meaning. */
const SAME = ['description', 'category', 'tags', 'stock'] as const;
const CONVERTED = ['_id', '__v', 'sku', 'name', 'price', 'store', 'createdAt', 'updatedAt'];
const KNOWN = new Set<string>([...CONVERTED, ...SAME]);

/** The maximum length of a SKU. */
const MAX_SKU_LENGTH = 64;

/** Returns the row that creates the product of an old document, validated as import-products validates it. */
export function rowFrom(document: mongo.Document, conversion: Conversion): Row {
  const amount = amountOf(document.price, conversion);
  const price = { amount: 'amount' in amount ? amount.amount : 0, currency: conversion.currency };
  const sku = skuOf(document, conversion.sku);
  const same = SAME.filter((name) => !isBlank(document[name]));
  const row = {
    sku,
    name: document.name,
    price,
    ...Object.fromEntries(same.map((name) => [name, document[name]])),
  };
  const faults = [
    ...('fault' in amount ? [{ pointer: '/price', reason: amount.fault }] : []),
    ...(sku === '' ? [{ pointer: '/name', reason: 'has no letter or digit for a SKU' }] : []),
  ];
  // A document without a name has one fault, not also that of the SKU which is made from the name.
  const { data, error } = productInput.safeParse({ ...row, sku: sku || 'unknown' });
  if (error) faults.push(...faultsOf('body', error));
  if (faults.length > 0 || !data) return { fault: inWords(faults) };
  return { sku: data.sku, name: data.name, amount: price.amount, json: JSON.stringify(row) };
}

/** Returns the names of the members that a product does not have. They are not copied. */
export const unknownMembers = (document: mongo.Document): string[] =>
  Object.keys(document).filter((name) => !KNOWN.has(name));

const isBlank = (value: unknown) => value === undefined || value === null || value === '';

/** Returns a document's own SKU; or one made from its `_id`, or from its name in lower case, with hyphens between words. */
function skuOf({ sku, _id, name }: mongo.Document, from: Conversion['sku']): unknown {
  if (!isBlank(sku)) return sku;
  if (from === 'id') return String(_id);
  if (typeof name !== 'string' || name.trim() === '') return 'unknown';
  return foldedWords(name).join('-').slice(0, MAX_SKU_LENGTH).replace(/-$/, '').toWellFormed();
}
