/*
 * Minified functions lose their names. esbuild's option `keepNames` restores each name with a call of `__name()`. There
 * are thousands of such calls, those of nested functions run again with each call of the outer function, and V8 creates
 * instances of a renamed class more slowly. Together they took a sixth of the time of a warm request, so this module
 * removes the calls whose names nothing reads.
 */

/** The definition of `__name` in esbuild's output. */
const NAMED = /^var __name( = \((\w+), \w+\) => __defProp\(\2, "name", .*\);)$/m;

/** The library classes whose names are read: BSON types, which a schema can name, and errors. */
const NAMED_CLASSES = [
  ...['Binary', 'BSON\\w+', 'Decimal128', 'Double', 'Int32', 'Long', 'Mongo\\w+', 'ObjectId'],
  ...['ReadPreference', 'UUID', 'VirtualType'],
].join('|');
const CLASS_OF_LIBRARY = new RegExp(`^( {5,}__name)\\((?=this, "(?:${NAMED_CLASSES})"\\))`, 'gm');

/** Classes and functions of ES modules, such as this project's, whose names appear in stack traces. */
const OURS = /^( {4}__name(?=\(this, )|__name|var \w+ = (?:\/\* @__PURE__ \*\/ )?__name)\(/gm;

/** Constructor functions: classes in the old syntax. */
const CONSTRUCTOR = /\b__name\((?=(?:function )?[A-Z])/g;

/** All other names that are set by a statement. */
const STATEMENT = /^ +__name\([\w$]+, "[\w$]+"\);$/gm;

/**
 * Returns the bundle without the calls of `__name()` whose names nothing reads. Every line keeps its number, which the
 * source map needs.
 *
 * @param bundle esbuild's output with `keepNames`, not minified
 * @throws {Error} if esbuild does not keep names in the expected form
 */
export function withFewerNames(bundle: string): string {
  if (!NAMED.test(bundle)) throw new Error('esbuild does not keep names in the expected form');
  return bundle
    .replace(NAMED, 'var __named$1 var __name = (target) => target;')
    .replace(CLASS_OF_LIBRARY, '$1d(')
    .replace(OURS, '$1d(')
    .replace(CONSTRUCTOR, '__named(')
    .replace(STATEMENT, '');
}
