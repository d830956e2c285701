import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Encodes a value in DER. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = [];
  if (body.length < 0x80) length.push(body.length);
  else if (body.length < 0x100) length.push(0x81, body.length);
  else length.push(0x82, body.length >> 8, body.length & 0xff);
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...content: Buffer[]) => der(0x30, ...content);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const time = (year: number) => der(0x18, Buffer.from(`${year}0101000000Z`));
const yes = der(0x01, Buffer.from([0xff]));

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const commonName = '550403';
const basicConstraints = '551d13';
const subjectAlternativeName = '551d11';

/** A private key and a certificate for it that it has signed itself, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** A file with the certificate. */
  readonly certFile: string;
  /** A file with the certificate and the key, as drivers expect those of a client. */
  readonly bothFile: string;
  /** Removes the files. */
  remove(): void;
}

/**
 * Creates a certificate for 127.0.0.1, which is also its own authority.
 *
 * @param name its common name
 * @param hosts names of hosts for which it is valid too
 */
export function selfSigned(name: string, hosts: readonly string[] = []): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const holder = sequence(der(0x31, sequence(oid(commonName), der(0x0c, Buffer.from(name)))));
  const serial = randomBytes(8);
  serial[0] = 1; // Positive.
  const places = sequence(
    der(0x87, Buffer.from([127, 0, 0, 1])),
    ...hosts.map((host) => der(0x82, Buffer.from(host))),
  );
  const extensions = sequence(
    sequence(oid(basicConstraints), yes, der(0x04, sequence(yes))),
    sequence(oid(subjectAlternativeName), der(0x04, places)),
  );
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    holder,
    sequence(time(2020), time(2120)),
    holder,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, privateKey));
  const base64 = sequence(content, ecdsaWithSha256, signature).toString('base64');
  const cert = `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const folder = mkdtempSync(join(tmpdir(), 'embedded-mongodb-certificate-'));
  const [certFile, bothFile] = [join(folder, 'cert.pem'), join(folder, 'both.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(bothFile, cert + key);
  return { key, cert, certFile, bothFile, remove: () => rmSync(folder, { recursive: true }) };
}
