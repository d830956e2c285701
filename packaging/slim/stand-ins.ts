import { createRequire } from 'node:module';

/** A small module in the place of a large one. */
export interface StandIn {
  /** What to call it when it does not fit any more. */
  name: string;
  file: RegExp;
  /** What the large one exports, all of it: another version may have more, which the small one would lack. */
  exports: readonly string[];
  /** The small one, as CommonJS. */
  source: string;
  /** A package that must not be there, since the small one takes that for granted. */
  without?: string;
  /** What our own code looks like that needs the large one. */
  used?: RegExp;
}

const ENCRYPTION = 'mongodb-client-encryption';

export const standIns: readonly StandIn[] = [
  {
    // Only mongodb-connection-string-url uses it: it extends URL. Node's is of the same standard. This brings along
    // 0.5 MB: tables of Unicode for the names of hosts, where a connection string always has the same placeholder.
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
    // Client-side encryption needs a package that is not installed. Without it, this throws the driver's error.
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
    // The same. Who asks for automatic encryption gets the driver's error before this is used.
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
  // What mongoose asks for to populate, and how it puts that in its place.
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
  // The bulks over several collections that MongoDB 8 has.
  leftOut('ClientBulkWriteExecutor', {
    file: /[\\/]mongodb[\\/]lib[\\/]operations[\\/]client_bulk_write[\\/]executor\.js$/,
    used: /(?:[cC]lient|getClient\(\))\.bulkWrite\(/,
  }),
  // Files in a database.
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
 * A module of which nothing here uses anything. A class of the same name stands for each thing that it exports, and
 * tells what is the matter. (Who calls it without `new` gets an error as well.)
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
 * Sees that a module of our own uses nothing that is left out: with the tests, which run it from its source, it would work.
 *
 * @throws {Error} when it does
 */
export function requireUnused(source: string, path: string): void {
  const standIn = standIns.find(({ used }) => used?.test(source));
  if (standIn)
    throw new Error(`${path} seems to use ${standIn.name}. Package it instead of its stand-in`);
}

/**
 * The source of the stand-in for the module at `path`.
 *
 * @throws {Error} when the module exports something else than is known here, or when what the stand-in does
 *   without has been installed
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
