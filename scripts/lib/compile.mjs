import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transformSync } from '@swc/core';

const OPTIONS = {
  module: { type: 'es6' },
  jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } },
};

/** Writes a TypeScript file and everything of ours that it imports, each once, as JavaScript under the same path in `target`. */
export function compile(file, root, target, seen = new Set()) {
  if (seen.has(file)) return;
  seen.add(file);
  const { code } = transformSync(readFileSync(file, 'utf8'), { ...OPTIONS, filename: file });
  const output = join(target, relative(root, file)).replace(/\.ts$/, '.js');
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, code);
  for (const [, specifier] of code.matchAll(/(?:from|import)\s*['"](\.[^'"]+)\.js['"]/g)) {
    compile(resolve(dirname(file), `${specifier}.ts`), root, target, seen);
  }
}
