import { readFileSync } from 'node:fs';

/** The members of a package.json that describe the package. */
interface Manifest {
  name: string;
  version: string;
  license?: string;
}

/**
 * Returns the bill of materials of a function in the CycloneDX format, as JSON: the npm packages of which it contains
 * code or files. It has no date and no serial number, so that the same packages make the same text.
 *
 * @param folders the folders of the packages
 */
export function billOfMaterials(name: string, folders: readonly string[]): string {
  const { version } = manifestIn('.');
  const components = [...new Set(folders)]
    .map(manifestIn)
    .map(({ name: library, version, license }) => ({
      type: 'library',
      'bom-ref': purl(library, version),
      name: library,
      version,
      purl: purl(library, version),
      ...(license ? { licenses: [{ license: { id: license } }] } : {}),
    }))
    .sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': name, name, version } },
    components,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));

/** Returns the package URL, in which the @ of a scope is escaped. */
const purl = (name: string, version: string): string =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`;
