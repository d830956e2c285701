import { type Loader, transform } from 'esbuild';

/*
 * `const x = require('x')` at the head of a file loads a module that may never be used: the driver's head names
 * 130, and a read needs half of them. So `require('x')` is put where the file says `x`. It costs a call, as
 * a module is loaded once. (React Native's bundler does the same, as `inlineRequires`.)
 *
 * A module that is used while its file is loaded, as a class to extend, is loaded there, as before. One that is
 * only required, and given no name, is left where it is: it is loaded for what it does.
 */

/** `const net = require("net");` and `const inspect = require('util').inspect;`, at the head of a CommonJS file. */
const REQUIRED = /^(?:const|var) ([\w$]+) = require\(["']([^"'\n]+)["']\)(\.\w+)?;/gm;

/**
 * `import { randomInt } from 'node:crypto';` in an ES module. Only for modules of Node, which are never half loaded, and
 * for packages that not all requests need.
 */
const IMPORTED =
  /^import \{ ([\w$, ]+) \} from ["'](node:[^"'\n]+|csv-(?:parse|stringify)\/sync)["'];/gm;

/**
 * What is loaded at once all the same: what every operation of the driver uses, often, and what Node itself has
 * loaded when it starts. There a name is cheaper than a call: with calls alone, a warm read takes a tenth more.
 */
const AT_ONCE = new RegExp(
  `^(?:(?:\\.\\.?/)+(?:sdam/)?(?:${[
    ...['bson', 'command', 'common', 'constants', 'document', 'error', 'explain', 'metrics'],
    ...['mongo_types', 'operation', 'read_concern', 'read_preference', 'responses', 'timeout'],
    ...['utils', 'write_concern'],
  ].join('|')})|events|process|timers|url|util)$`,
);

/** Not a name of any library: so nothing else is taken for it. */
const MARK = '__loadedLater';
const MARKED = new RegExp(`\\b${MARK}\\.([\\w$]+)`, 'g');
const ASSIGNED = new RegExp(
  `\\b${MARK}\\.[\\w$]+ (?:[^\\s\\w=!<>]*=) .*|\\b${MARK}\\.[\\w$]+(?:\\+\\+|--)`,
);

/**
 * A module that loads what it names when it uses it.
 *
 * @param source the module
 * @param at its path, and what it is written in
 * @throws {Error} when a module's name is given another value: then it is not what was required
 */
export async function loadedLater(
  source: string,
  { path, loader }: { path: string; loader: Loader },
): Promise<string> {
  const places = new Map<string, string>();
  const headless = source
    .replace(REQUIRED, (line, name: string, specifier: string, member = '') => {
      if (AT_ONCE.test(specifier)) return line;
      places.set(name, `(require('${specifier}'))${member}`);
      return '';
    })
    .replace(IMPORTED, (line, names: string, specifier: string) => {
      if (/\b(?:type|as|default)\b/.test(names)) return line;
      for (const name of names.split(', ')) places.set(name, `(require('${specifier}')).${name}`);
      return '';
    });
  if (places.size === 0) return source;
  // esbuild knows which names are the module's own: a parameter or a member of the same name is not touched.
  const define = Object.fromEntries([...places.keys()].map((name) => [name, `${MARK}.${name}`]));
  const { code, warnings } = await transform(headless, {
    define,
    loader,
    charset: 'ascii',
    logLevel: 'silent',
    // An import that looks unused may be a type's, which the bundler drops; or be there for what it does.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  const [assigned] = code.match(ASSIGNED) ?? warnings.map(({ text }) => text);
  if (assigned)
    throw new Error(
      `Cannot load the modules of ${path} later, because one is assigned to: ${assigned}`,
    );
  return code.replace(MARKED, (_, name) => places.get(name) ?? name);
}
