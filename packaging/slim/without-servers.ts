/*
 * What an operation has of MongoDB that asks no server, as its contract says: nothing. The chain knows the connections;
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
