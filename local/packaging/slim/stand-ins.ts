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
  {
    // mongoose filters by it what it populates. Nothing here is populated.
    name: 'sift',
    file: /[\\/]sift[\\/]index\.js$/,
    exports: [
      ...['$Size', '$all', '$and', '$elemMatch', '$eq', '$exists'],
      ...['$gt', '$gte', '$in', '$lt', '$lte', '$mod'],
      ...['$ne', '$nin', '$nor', '$not', '$options', '$or'],
      ...['$regex', '$size', '$type', '$where', 'EqualsOperation', 'createDefaultQueryOperation'],
      ...[
        'createEqualsOperation',
        'createOperationTester',
        'createQueryOperation',
        'createQueryTester',
        'default',
      ],
    ],
    source: unpackaged('default'),
  },
  // Nothing here keeps files in a database.
  ...[
    ['index', 'GridFSBucket'],
    ['download', 'GridFSBucketReadStream'],
    ['upload', 'GridFSBucketWriteStream'],
  ].map(([file = '', name = '']) => ({
    name: `${name} of mongodb`,
    file: new RegExp(`[\\\\/]mongodb[\\\\/]lib[\\\\/]gridfs[\\\\/]${file}\\.js$`),
    exports: [name],
    source: unpackaged(name),
  })),
];

/** A class that is left out, as long as nobody needs it. (Who calls it without `new` gets an error as well.) */
function unpackaged(name: string): string {
  return `exports.${name} = class {
    static name = '${name}';
    constructor() { throw new Error('${name} is not packaged: see local/packaging/slim/stand-ins.ts'); }
  };`;
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
    throw new Error(`${name} exports ${found}, and not ${exports}`);
  if (without && isInstalled(require, without))
    throw new Error(`${without} is installed: ${name} needs no stand-in`);
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
