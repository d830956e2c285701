/*
 * V8 reads past the body of a function until it is called, and then reads it again. A module in a bundle is such a
 * function, and most modules are called while the bundle is loaded: all of them are read twice. A function in
 * parentheses looks to V8 like one that is called at once, and it compiles it as it reads.
 *
 * With V8's code cache nothing is compiled, so this is for the start whose cache V8 does not take.
 */

/** A module as esbuild writes it, not minified: its head, path, parameters and body. */
const WRAPPED =
  /^(var \w+ = __commonJS\(\{\n {2}("[^"\n]+"))\(([\w$, ]*)\) \{\n([\s\S]*?)^ {2}\}\n\}\);$/gm;

/** What most functions never call, or what is small: it is left to be read when it is called. */
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
 * A bundle whose modules V8 compiles while it reads them.
 *
 * @param bundle of esbuild, not minified
 * @throws {Error} when esbuild writes modules another way than is known here
 */
export function compiledEagerly(bundle: string): string {
  let met = 0;
  const text = bundle.replace(WRAPPED, (module, head, path, parameters, body) => {
    met++;
    return RARE.test(path) ? module : `${head}: (function(${parameters}) {\n${body}  })\n});`;
  });
  const modules = bundle.split(' = __commonJS({').length - 1;
  if (met !== modules)
    throw new Error(`Only ${met} of ${modules} modules in a bundle have the expected form`);
  return text;
}
