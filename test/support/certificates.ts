import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Certificates {
  /** Paths of PEM files: the authority, and a certificate for 127.0.0.1 and localhost with its key. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly pem: { readonly cert: string; readonly key: string };
  remove(): void;
}

/**
 * A certificate that is its own authority, made anew for each test: no private key lies in the repository. With a name it is that
 * machine's and not this one's.
 */
export async function makeCertificates(name?: string): Promise<Certificates> {
  const made = await generate([{ name: 'commonName', value: name ?? 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: name
          ? [{ type: 2, value: name }]
          : [
              { type: 7, ip: '127.0.0.1' },
              { type: 2, value: 'localhost' },
            ],
      },
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), 'portfolio-tls-'));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  return {
    ca: write('ca.pem', made.cert),
    cert: write('cert.pem', made.cert),
    key: write('key.pem', made.private),
    pem: { cert: made.cert, key: made.private },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
