import { build } from 'esbuild';

/** A function's code in one file. */
export interface Bundle {
  name: string;
  /** CommonJS, all ASCII. */
  text: string;
  /** How many modules are in it. */
  modules: number;
}

/** Puts each function of `names` in one file, with all that it imports. */
export async function bundleFunctions(names: readonly string[]): Promise<Bundle[]> {
  const { outputFiles, metafile } = await build({
    entryPoints: names.map((name) => `functions/${name}.ts`),
    outdir: '.',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    charset: 'ascii',
    minifyWhitespace: true,
    keepNames: true,
    external: ['@aws-sdk/*'],
    logLevel: 'warning',
  });
  return names.map((name) => {
    const file = outputFiles.find(({ path }) => path.endsWith(`/${name}.cjs`));
    const output = metafile.outputs[`${name}.cjs`] ?? metafile.outputs[`functions/${name}.cjs`];
    if (!file || !output) throw new Error(`esbuild made no bundle of ${name}`);
    return { name, text: file.text, modules: Object.keys(output.inputs).length };
  });
}
