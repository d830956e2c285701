/** Returns the words of a text in lowercase and without accents, such as "cafe" and "tisch" for "Café-Tisch". */
export function words(text: string): string[] {
  // Most texts are ASCII. They need no normalization, and a faster expression finds the same words.
  if (isAscii(text)) return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  // Combining marks are also removed before normalizing, because sorting a sequence of them takes quadratic time.
  const unmarked = text.replace(/\p{M}/gu, '');
  const folded = unmarked.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);
