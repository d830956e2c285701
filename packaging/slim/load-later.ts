import { type Loader, transform } from 'esbuild';

/*
 * `const x = require('x')` at the top of a file loads a module that may never be used: the driver's main file requires
 * 130 modules, and a read needs half of them. So this replaces each use of `x` with `require('x')`. The cost is one
 * function call per use, because a module is loaded only once. (React Native's bundler calls this `inlineRequires`.)
 *
 * A module that is used while its file loads, such as a base class, is loaded at that point, as before. A `require()`
 * whose result is not assigned stays where it is: it is there for its side effects.
 */

/** `const net = require("net");` and `const inspect = require('util').inspect;`, at the top of a CommonJS file. */
const REQUIRED = /^(?:const|var) ([\w$]+) = require\(["']([^"'\n]+)["']\)(\.\w+)?;/gm;

/**
 * `import { randomInt } from 'node:crypto';` in an ES module. Only for Node's modules, which have no import cycles, and
 * for packages that not all requests need.
 */
const IMPORTED =
  /^import \{ ([\w$, ]+) \} from ["'](node:[^"'\n]+|csv-(?:parse|stringify)\/sync)["'];/gm;

/**
 * Modules that are still loaded immediately: those that every operation of the driver uses often, and those that Node
 * loads at startup. For these a variable is cheaper than a call: with calls only, a warm read takes 10% longer.
 */
const IMMEDIATE = new RegExp(
  `^(?:(?:\\.\\.?/)+(?:sdam/)?(?:${[
    ...['bson', 'command', 'common', 'constants', 'document', 'error', 'explain', 'metrics'],
    ...['mongo_types', 'operation', 'read_concern', 'read_preference', 'responses', 'timeout'],
    ...['utils', 'write_concern'],
  ].join('|')})|events|process|timers|url|util)$`,
);

/** A name that no library uses, so that it marks only what this module replaced. */
const MARK = '__loadedLater';
const MARKED = new RegExp(`\\b${MARK}\\.([\\w$]+)`, 'g');
const ASSIGNED = new RegExp(
  `\\b${MARK}\\.[\\w$]+ (?:[^\\s\\w=!<>]*=) .*|\\b${MARK}\\.[\\w$]+(?:\\+\\+|--)`,
);

/**
 * Returns the source of a module that loads its dependencies when it first uses them.
 *
 * @param source the source of the module
 * @param module its path, and esbuild's loader for its language
 * @throws {Error} if the module assigns to a variable that holds a dependency
 */
export async function loadedLater(
  source: string,
  { path, loader }: { path: string; loader: Loader },
): Promise<string> {
  const places = new Map<string, string>();
  const headless = source
    .replace(REQUIRED, (line, name: string, specifier: string, member = '') => {
      if (IMMEDIATE.test(specifier)) return line;
      places.set(name, `(require('${specifier}'))${member}`);
      return '';
    })
    .replace(IMPORTED, (line, names: string, specifier: string) => {
      if (/\b(?:type|as|default)\b/.test(names)) return line;
      for (const name of names.split(', ')) places.set(name, `(require('${specifier}')).${name}`);
      return '';
    });
  if (places.size === 0) return source;
  // esbuild's `define` respects scopes: it does not replace a parameter or a property of the same name.
  const define = Object.fromEntries([...places.keys()].map((name) => [name, `${MARK}.${name}`]));
  const { code, warnings } = await transform(headless, {
    define,
    loader,
    charset: 'ascii',
    logLevel: 'silent',
    // Keep imports that look unused: the bundler drops those of types, and others have side effects.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  const [assigned] = code.match(ASSIGNED) ?? warnings.map(({ text }) => text);
  if (assigned)
    throw new Error(
      `Cannot load the modules of ${path} later, because one is assigned to: ${assigned}`,
    );
  return code.replace(MARKED, (_, name) => places.get(name) ?? name);
}
