/**
 * Debian's Apache as a target that nobody here wrote: digest auth, and TLS with client certificates. Where it is absent, tests of
 * it are skipped and say so.
 * @module
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Certificates } from './certificates.js';

const MODULES = '/usr/lib/apache2/modules';
const PROGRAM = ['/usr/sbin/apache2', '/usr/bin/apache2'].find(existsSync);

/** Why Apache is not there; undefined where it is. */
export const withoutApache =
  PROGRAM && existsSync(MODULES) ? undefined : "Debian's apache2-bin is not installed, so Apache is not tried";

/** A running Apache: `/digest/` wants ivr and p@ss:word by digest, `/` at the TLS port wants a client certificate. */
export interface Apache {
  port: number;
  tlsPort: number;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startApache(certificates: Certificates): Promise<Apache> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-apache-'));
  const [port, tlsPort] = [await freePort(), await freePort()];
  await mkdir(join(folder, 'docs/digest'), { recursive: true });
  await writeFile(join(folder, 'docs/digest/order.json'), '{"status":"sent"}');
  await writeFile(join(folder, 'docs/order.json'), '{"status":"sent"}');
  const ha1 = createHash('md5').update('ivr:orders:p@ss:word').digest('hex');
  await writeFile(join(folder, 'digest'), `ivr:orders:${ha1}\n`);
  const modules = ['mpm_event', 'authn_core', 'authn_file', 'authz_core', 'authz_user', 'auth_digest', 'ssl', 'socache_shmcb']; // prettier-ignore
  const root = process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : '';
  await writeFile(
    join(folder, 'httpd.conf'),
    `${modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
ServerName 127.0.0.1
${root}
PidFile ${folder}/pid
DefaultRuntimeDir ${folder}
Mutex pthread
ErrorLog ${folder}/error.log
Listen 127.0.0.1:${port}
Listen 127.0.0.1:${tlsPort}
DocumentRoot ${folder}/docs
<Directory ${folder}/docs>
  Require all granted
</Directory>
<Location /digest>
  AuthType Digest
  AuthName orders
  AuthDigestProvider file
  AuthUserFile ${folder}/digest
  Require valid-user
</Location>
<VirtualHost 127.0.0.1:${tlsPort}>
  DocumentRoot ${folder}/docs
  SSLEngine on
  SSLCertificateFile ${certificates.server.certFile}
  SSLCertificateKeyFile ${certificates.server.keyFile}
  SSLCACertificateFile ${certificates.ca.certFile}
  SSLVerifyClient require
</VirtualHost>
`,
  );
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  const child = spawn(PROGRAM ?? '', ['-f', join(folder, 'httpd.conf'), '-DFOREGROUND'], { stdio: 'ignore' });
  while (!(await listens(tlsPort))) {
    if (child.exitCode !== null) throw new Error(`Apache ended: see ${folder}/error.log`);
    await pause(50);
  }
  const stop = async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  return { port, tlsPort, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
