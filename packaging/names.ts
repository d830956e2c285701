/*
 * Minified functions lose their names. esbuild keeps them (`keepNames`) by a call, which gives the function a name of its
 * own. There are thousands; a function within a function gets its name with each call of the outer one; and V8 makes
 * objects of a class with a name of its own more slowly. All names together took a sixth of a warm request.
 */

/** How esbuild does it. */
const NAMED = /^var __name( = \((\w+), \w+\) => __defProp\(\2, "name", .*\);\n)/m;

/** The classes of libraries whose names are asked for: BSON's, which can be types in a schema, and errors. */
const ASKED = [
  ...['Binary', 'BSON\\w+', 'Decimal128', 'Double', 'Int32', 'Long', 'Mongo\\w+', 'ObjectId'],
  ...['ReadPreference', 'UUID', 'VirtualType'],
].join('|');
const CLASS_OF_LIBRARY = new RegExp(`^( {5,}__name)\\((?=this, "(?:${ASKED})"\\))`, 'gm');

/** Classes and functions of ES modules, as ours are: stack traces show them. */
const OURS = /^( {4}__name(?=\(this, )|__name|var \w+ = (?:\/\* @__PURE__ \*\/ )?__name)\(/gm;

/** Functions that are classes of old. */
const CONSTRUCTOR = /\b__name\((?=(?:function )?[A-Z])/g;

/** All others, if they are named by a statement. */
const STATEMENT = /^ +__name\([\w$]+, "[\w$]+"\);\n/gm;

/**
 * A bundle in which those functions and classes keep their names whose names are of use.
 *
 * @param bundle of esbuild with `keepNames`, not minified
 * @throws {Error} when esbuild keeps names another way than is known here
 */
export function withFewerNames(bundle: string): string {
  if (!NAMED.test(bundle)) throw new Error('esbuild does not keep names in the expected form');
  return bundle
    .replace(NAMED, 'var __named$1var __name = (target) => target;\n')
    .replace(CLASS_OF_LIBRARY, '$1d(')
    .replace(OURS, '$1d(')
    .replace(CONSTRUCTOR, '__named(')
    .replace(STATEMENT, '');
}
