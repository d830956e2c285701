import { createRequire } from 'node:module';

/** A small module that replaces a large one. */
export interface StandIn {
  /** The name for error messages when the stand-in no longer fits. */
  name: string;
  file: RegExp;
  /** All exports of the replaced module. If a new version has others, packaging fails. */
  exports: readonly string[];
  /** The source of the stand-in, as CommonJS. */
  source: string;
  /** A package that must not be installed: with it, the stand-in would be wrong. */
  without?: string;
  /** Matches source code of this project that needs the replaced module. */
  used?: RegExp;
}

const ENCRYPTION = 'mongodb-client-encryption';

export const standIns: readonly StandIn[] = [
  {
    // Only mongodb-connection-string-url uses it, as a base class, and Node's URL implements the same standard. The
    // package includes 0.5 MB of Unicode tables for host names, where that class always passes the same placeholder.
    name: 'whatwg-url',
    file: /[\\/]whatwg-url[\\/]index\.js$/,
    exports: [
      ...['URL', 'URLSearchParams', 'parseURL', 'basicURLParse', 'serializeURL', 'serializePath'],
      ...['serializeHost', 'serializeInteger', 'serializeURLOrigin', 'setTheUsername'],
      ...['setThePassword', 'cannotHaveAUsernamePasswordPort', 'hasAnOpaquePath'],
      ...['percentDecodeString', 'percentDecodeBytes'],
    ],
    source: 'exports.URL = URL;\nexports.URLSearchParams = URLSearchParams;\n',
  },
  {
    // Client-side encryption requires a package that is not installed, so this throws the driver's error.
    name: 'the client-side encryption of mongodb',
    file: /[\\/]mongodb[\\/]lib[\\/]client-side-encryption[\\/]client_encryption\.js$/,
    exports: ['ClientEncryption', 'autoSelectSocketOptions'],
    source: `
      exports.ClientEncryption = class ClientEncryption {
        constructor() { throw require('../deps').getMongoDBClientEncryption().kModuleError; }
      };`,
    without: ENCRYPTION,
  },
  {
    // As above. With automatic encryption enabled, the driver throws its own error before it uses this.
    name: 'the automatic encryption of mongodb',
    file: /[\\/]mongodb[\\/]lib[\\/]client-side-encryption[\\/]auto_encrypter\.js$/,
    exports: ['AutoEncryptionLoggerLevel', 'AutoEncrypter'],
    source: `
      exports.AutoEncryptionLoggerLevel = Object.freeze({
        FatalError: 0, Error: 1, Warning: 2, Info: 3, Trace: 4,
      });
      exports.AutoEncrypter = class AutoEncrypter {
        constructor() { throw require('../deps').getMongoDBClientEncryption().kModuleError; }
      };`,
    without: ENCRYPTION,
  },
  // The parts of mongoose's populate().
  ...['getModelsMapForPopulate', 'assignVals'].map((name) =>
    leftOut(name, {
      file: new RegExp(
        `[\\\\/]mongoose[\\\\/]lib[\\\\/]helpers[\\\\/]populate[\\\\/]${name}\\.js$`,
      ),
      isExportedAlone: true,
      used: /\bpopulate\b/,
    }),
  ),
  leftOut('ChangeStream', {
    file: /[\\/]mongoose[\\/]lib[\\/]cursor[\\/]changeStream\.js$/,
    isExportedAlone: true,
    used: /\.watch\(/,
  }),
  leftOut(['ChangeStream', 'filterOutOptions'], {
    file: /[\\/]mongodb[\\/]lib[\\/]change_stream\.js$/,
    used: /\.watch\(/,
  }),
  // MongoDB 8's bulk writes to several collections.
  leftOut('ClientBulkWriteExecutor', {
    file: /[\\/]mongodb[\\/]lib[\\/]operations[\\/]client_bulk_write[\\/]executor\.js$/,
    used: /(?:[cC]lient|getClient\(\))\.bulkWrite\(/,
  }),
  // GridFS.
  ...[
    ['index', 'GridFSBucket'],
    ['download', 'GridFSBucketReadStream'],
    ['upload', 'GridFSBucketWriteStream'],
  ].map(([file = '', name = '']) =>
    leftOut(name, {
      file: new RegExp(`[\\\\/]mongodb[\\\\/]lib[\\\\/]gridfs[\\\\/]${file}\\.js$`),
      used: /\bGridFSBucket\b/,
    }),
  ),
];

/**
 * Returns a stand-in for a module that this service does not use. Each export is replaced by a class of the same name,
 * whose constructor throws an error that says so. Calling it without `new` throws too.
 */
function leftOut(
  names: string | readonly string[],
  {
    file,
    used,
    isExportedAlone = false,
  }: { file: RegExp; used: RegExp; isExportedAlone?: boolean },
): StandIn {
  const all = [names].flat();
  const source = all.map(
    (name) => `${isExportedAlone ? 'module.exports' : `exports.${name}`} = class {
      static name = '${name}';
      constructor() { throw new Error('${name} is not packaged: see packaging/slim/stand-ins.ts'); }
    };`,
  );
  return {
    name: `${all[0]} of ${file.source.includes('mongoose') ? 'mongoose' : 'mongodb'}`,
    file,
    exports: isExportedAlone ? [] : all,
    source: source.join('\n'),
    used,
  };
}

/**
 * Checks that a module of this project uses nothing that a stand-in omits. Tests would not notice, because most of them
 * run from the sources, where the libraries are complete.
 *
 * @throws {Error} if the module seems to use it
 */
export function requireUnused(source: string, path: string): void {
  const standIn = standIns.find(({ used }) => used?.test(source));
  if (standIn)
    throw new Error(`${path} seems to use ${standIn.name}. Package it instead of its stand-in`);
}

/**
 * Returns the source of the stand-in for the module at `path`.
 *
 * @throws {Error} if the exports of the module are not those expected, or if the package `without` is installed
 */
export function replaced({ name, exports, source, without }: StandIn, path: string): string {
  const require = createRequire(path);
  const found = Object.keys(require(path)).sort();
  if (found.join() !== [...exports].sort().join())
    throw new Error(`${name} exports ${found}; expected ${exports}`);
  if (without && isInstalled(require, without))
    throw new Error(`${without} is installed: remove the stand-in for ${name}`);
  return source;
}

function isInstalled(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
