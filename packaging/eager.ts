/*
 * V8 compiles lazily: it skips the body of a function (pre-parsing), and parses it again when it is first called. Each
 * module of a bundle is a function, and most modules are called while the bundle loads, so they are parsed twice. V8
 * compiles a function in parentheses eagerly, because it looks like one that is called immediately.
 *
 * With a code cache nothing is compiled, so this only speeds up cold starts whose code cache V8 rejects.
 */

/** A module in esbuild's output before minification: its head, path, parameters and body. */
const WRAPPED =
  /^(var \w+ = __commonJS\(\{\n {2}("[^"\n]+"))\(([\w$, ]*)\) \{\n([\s\S]*?)^ {2}\}\n\}\);$/gm;

/** Modules that most functions never call, or that are small. They stay lazy. */
const RARE = new RegExp(
  [
    '/mongodb/lib/(?:operations|gridfs|cmap/auth|client-side-encryption|bulk)/',
    '/mongodb/lib/(?:change_stream|encrypter|admin|deps|sdam/srv_polling|cmap/command_monitoring)',
    '/mongodb/lib/cursor/(?:change|client|list|run)',
    '/mongoose/lib/(?:helpers|error|cursor|types/(?:array|documentArray)/methods)/',
    '/(?:saslprep|mpath|aws4|memory-pager|sparse-bitfield)/',
  ].join('|'),
);

/**
 * Returns the bundle with its modules in parentheses, so that V8 compiles them eagerly.
 *
 * @param bundle esbuild's output, not minified
 * @throws {Error} if esbuild does not write modules in the expected form
 */
export function compiledEagerly(bundle: string): string {
  let matched = 0;
  const text = bundle.replace(WRAPPED, (module, head, path, parameters, body) => {
    matched++;
    return RARE.test(path) ? module : `${head}: (function(${parameters}) {\n${body}  })\n});`;
  });
  const modules = bundle.split(' = __commonJS({').length - 1;
  if (matched !== modules)
    throw new Error(`Only ${matched} of ${modules} modules in a bundle have the expected form`);
  return text;
}
