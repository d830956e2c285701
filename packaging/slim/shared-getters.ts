/*
 * The driver's main file only exports what other modules export, and TypeScript writes a function for each of its 140 names.
 * V8 stores all of them in the code cache, and reads them back when a container starts. So this defines the names of a
 * module in a loop, with one function.
 */

/** The driver's main file. */
export const MAIN_FILE = /[\\/]node_modules[\\/]mongodb[\\/]lib[\\/]index\.js$/;

const HEAD = '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n';

/** `exports.B = exports.A = void 0;`, which stands for names that are defined below. */
const DECLARED = /^(?:exports\.\w+ = )+void 0;\n/gm;

/** `const x_1 = require("./x");`, and the names that it exports. */
const REQUIRED =
  /^(?:const|var) (\w+) = (require\("[^"]+"\));\n((?:Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return \1\.\4; \} \}\);\n)+)/gm;

const DEFINE = `const defineGetters = (names, load) => {
  for (const name of names.split(' '))
    Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });
};
`;

/** All of the file that may be left: comments. */
const COMMENTS = /^(?:\/\*\*.*\*\/|\/\/.*|\s*)$/gm;

/**
 * Returns the source of the driver's main file with shared getters.
 *
 * @throws {Error} if the file contains anything else
 */
export function withSharedGetters(source: string): string {
  const lines: string[] = [];
  const rest = source
    .replace(HEAD, '')
    .replace(DECLARED, '')
    .replace(REQUIRED, (_, __, required, getters: string) => {
      const names = [...getters.matchAll(/exports, "(\w+)"/g)].map(([, name]) => name);
      lines.push(`defineGetters('${names.join(' ')}', () => ${required});`);
      return '';
    });
  const other = rest.replace(COMMENTS, '').trim();
  if (lines.length === 0 || other !== '')
    throw new Error(`The driver's main file does not only export other modules: ${other}`);
  return `${HEAD}${DEFINE}${lines.join('\n')}\n`;
}
