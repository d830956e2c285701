/*
 * `node packaging/require-settings.ts NAME …`: stops a deployment whose settings are missing, by their names.
 */
const missing = process.argv.slice(2).filter((name) => !process.env[name]);
if (missing.length > 0) {
  process.stderr.write(
    `Missing environment variables: ${missing.join(', ')}. See docs/operations.md\n`,
  );
  process.exit(1);
}
