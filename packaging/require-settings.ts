/*
 * `node packaging/require-settings.ts NAME …`: stops a deployment whose settings are missing, by their names.
 */
const missing = process.argv.slice(2).filter((name) => !process.env[name]);
if (missing.length > 0) {
  process.stderr.write(`Set ${missing.join(', ')}: docs/operations.md says to what\n`);
  process.exit(1);
}
