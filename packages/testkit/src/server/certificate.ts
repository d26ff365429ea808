import { writeFile } from 'node:fs/promises';
import { generate } from 'selfsigned';
import type { ServerFolder } from './server-options.ts';

let shared: ReturnType<typeof makeCertificate> | undefined;

/**
 * Writes a certificate that a client can fully verify for `localhost` and 127.0.0.1, which those
 * that MySQL makes for itself cannot be. Returns the CA's certificate. One serves a whole process.
 */
export async function writeCertificate(folder: ServerFolder): Promise<string> {
  shared ??= makeCertificate();
  const { ca, cert, key } = await shared;
  await Promise.all([
    writeFile(folder.caFile, ca),
    writeFile(folder.certFile, cert),
    writeFile(folder.keyFile, key, { mode: 0o600 }),
  ]);
  return ca;
}

async function makeCertificate(): Promise<{ ca: string; cert: string; key: string }> {
  const ca = await generate([{ name: 'commonName', value: 'Lifeguard test CA' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { ca: ca.cert, cert: server.cert, key: server.private };
}
