import { transformSync } from '@swc/core';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

/** Source files as CommonJS in a folder of their own, with all they import: for processes that are not Jest's. */
export class Compiled {
  readonly folder = mkdtempSync(join(tmpdir(), 'portfolio-domain-'));

  constructor(...entries: readonly string[]) {
    const done = new Set<string>();
    const waiting = entries.map((entry) => join(ROOT, entry));
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (done.has(file)) continue;
      done.add(file);
      waiting.push(...this.compile(file));
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Writes one file and returns what it imports. */
  private compile(file: string): string[] {
    const { code } = transformSync(readFileSync(file, 'utf8'), {
      filename: file,
      swcrc: false,
      module: { type: 'commonjs' },
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    });
    const target = join(this.folder, relative(ROOT, file).replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
    const imported = [...code.matchAll(/require\("(\.[^"]+)\.js"\)/g)];
    return imported.map(([, path]) => `${resolve(dirname(file), path!)}.ts`);
  }
}
