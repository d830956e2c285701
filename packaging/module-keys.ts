/*
 * esbuild makes each CommonJS module a method whose name is the path of its file: `"node_modules/kareem/index.js"(exports)`.
 * Nothing reads the paths, but V8 keeps them in the code cache too, and the source map names the files. So this replaces
 * them with a short name.
 *
 * The methods stay methods. In parentheses, V8 would compile them before they are called, which was meant to save a start
 * whose code cache V8 rejects from parsing them twice: with Node 24, such a start takes a tenth longer than without, and
 * the code cache is 3% larger.
 */

/** The head of a module in esbuild's output before minification. */
const HEAD = /^(var \w+ = __commonJS\(\{\n {2})"[^"\n]+"(?=\([\w$, ]*\) \{\n)/gm;

/**
 * Returns the bundle without the paths of its modules. Every line keeps its number, which the source map needs.
 *
 * @param bundle esbuild's output, not minified
 * @throws {Error} if esbuild does not write modules in the expected form
 */
export function withShortKeys(bundle: string): string {
  let matched = 0;
  const text = bundle.replace(HEAD, (_, head) => {
    matched++;
    return `${head}m`;
  });
  const modules = bundle.split(' = __commonJS({').length - 1;
  if (matched !== modules)
    throw new Error(`Only ${matched} of ${modules} modules in a bundle have the expected form`);
  return text;
}
