/**
 * What the environment of a function has: the settings, and what Lambda sets itself. Every candidate gets all of
 * it: the driver polls its servers on Lambda and streams elsewhere, ours and the peers' alike.
 *
 * @param uri of the primary server. No figure asks the secondary
 */
export const environmentOf = (uri: string): Record<string, string> => ({
  PRIMARY_CONN_STR: uri,
  SECONDARY_CONN_STR: uri,
  CURSOR_SECRET: 'signs the cursors of the benchmarks',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  NODE_ENV: 'production',
});
