/**
 * Certificates of this moment, for tests: a CA, a server of 127.0.0.1 and localhost, and a client.
 * @module
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** A certificate with its key, in PEM, and where each lies. */
export interface Pair {
  cert: string;
  key: string;
  certFile: string;
  keyFile: string;
}

/** What a test of TLS needs. The file of a CA is its `certFile`. */
export interface Certificates {
  folder: string;
  ca: Pair;
  server: Pair;
  client: Pair;
  /** A client's of a CA that nobody knows. */
  stranger: Pair;
  remove(): Promise<void>;
}

/** Makes them. */
export async function certificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-tls-'));
  const made = async (name: string, extensions: Extensions, ca?: Pair): Promise<Pair> => {
    const options = { keyType: 'ec' as const, algorithm: 'sha256', extensions, ...(ca && { ca }) };
    const { cert, private: key } = await generate([{ name: 'commonName', value: name }], options);
    const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
    await writeFile(certFile, cert);
    await writeFile(keyFile, key, { mode: 0o600 });
    return { cert, key, certFile, keyFile };
  };
  const [ca, other] = [await made('ca', AUTHORITY), await made('other', AUTHORITY)];
  return {
    ...{ folder, ca },
    server: await made('server', SERVER, ca),
    client: await made('client', CLIENT, ca),
    stranger: await made('stranger', CLIENT, other),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

const AUTHORITY: Extensions = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
];
const CLIENT: Extensions = [
  { name: 'basicConstraints', cA: false },
  { name: 'keyUsage', digitalSignature: true },
  { name: 'extKeyUsage', clientAuth: true },
];
const SERVER: Extensions = [
  { name: 'basicConstraints', cA: false },
  { name: 'keyUsage', digitalSignature: true },
  { name: 'extKeyUsage', serverAuth: true },
  { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }] }, // prettier-ignore
];
