/*
 * Replaces lib/connections.ts in operations whose contract declares that they need no database connection. Every
 * operation imports it through the middlewares, and with it the driver.
 *
 * The replacements are ES modules, so that esbuild reports an error if such an operation imports anything else.
 */
export const withoutServers: readonly { file: RegExp; source: string }[] = [
  {
    file: /[\\/]lib[\\/]connections\.ts$/,
    source:
      'export const connectEarly = () => Promise.resolve();\nexport const reportFailure = () => {};\n',
  },
];
