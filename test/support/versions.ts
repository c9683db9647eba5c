import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A built version of the service in a folder of its own. */
export interface Version {
  /** The path of one of its programs, such as `main` or `migrate`. */
  program(name: string): string;
  remove(): void;
}

/** The version under test. */
export const THIS_VERSION: Version = versionIn('.');

/**
 * An older version: the one built in the folder that `PORTFOLIO_TEST_OLDER` names, which whoever makes a release checks out and builds
 * there. A clone holds no other version, so without it this version stands in for the older one.
 */
export function olderVersion(): Version {
  return versionIn(process.env['PORTFOLIO_TEST_OLDER'] ?? '.');
}

/** This version with one migration more, as the next one will be. */
export function makeNextVersion(migration: string): Version {
  const folder = mkdtempSync(join(tmpdir(), 'portfolio-next-'));
  for (const part of ['dist', 'migrations', 'package.json'])
    cpSync(resolve(part), join(folder, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'migrations', '9000000000000-next.sql'), migration);
  return { ...versionIn(folder), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function versionIn(folder: string): Version {
  return { program: (name) => resolve(folder, 'dist', `${name}.js`), remove: () => undefined };
}
