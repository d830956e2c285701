/*
 * `node packaging/require-settings.ts NAME …`: exits with an error if any of the named environment variables is not set,
 * which stops the deployment.
 */
const missing = process.argv.slice(2).filter((name) => !process.env[name]);
if (missing.length > 0) {
  process.stderr.write(
    `Missing environment variables: ${missing.join(', ')}. See docs/operations.md\n`,
  );
  process.exit(1);
}
