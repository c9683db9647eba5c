import { readFile } from 'node:fs/promises';
import { shippedPackages } from './lib/licences.mjs';

const purlOf = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
const digestOf = (integrity) => Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');

/**
 * `npm run sbom`: prints the bill of materials (CycloneDX 1.6) of what runs in production, from the lock file. npm's own `sbom` stops at
 * the two compilers of this project, and its `--omit dev` leaves out what development and production share.
 */
async function bill() {
  const read = async (name) => JSON.parse(await readFile(new URL(`../${name}`, import.meta.url), 'utf8'));
  const [{ name, version }, lock] = [await read('package.json'), await read('package-lock.json')];
  const components = new Map(
    shippedPackages(lock).map((one) => [
      purlOf(one.name, one.version),
      {
        type: 'library',
        'bom-ref': purlOf(one.name, one.version),
        name: one.name,
        version: one.version,
        purl: purlOf(one.name, one.version),
        licenses: [{ expression: one.license }],
        hashes: [{ alg: 'SHA-512', content: digestOf(one.integrity) }],
      },
    ]),
  );
  const root = { type: 'application', 'bom-ref': purlOf(name, version), name, version };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: root },
    components: [...components.values()],
  };
}

process.stdout.write(`${JSON.stringify(await bill(), null, 2)}\n`);
