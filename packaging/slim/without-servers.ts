/*
 * What replaces MongoDB in an operation whose contract says that it needs no database connection. The middlewares import the connections;
 * here it finds that there are none.
 *
 * As ES modules: if such an operation imports anything else of them, esbuild refuses that.
 */
export const withoutServers: readonly { file: RegExp; source: string }[] = [
  {
    file: /[\\/]lib[\\/]connections\.ts$/,
    source: 'export const connectEarly = () => {};\nexport const reportFailure = () => {};\n',
  },
];
