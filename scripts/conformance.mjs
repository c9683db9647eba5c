/**
 * Runs conformance cases through the real domain functions: `npm run conformance -- --dir DIR`. The sources are TypeScript,
 * so the files that the runner imports are transformed one by one into a temporary folder; no build, no database.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { compile } from './lib/compile.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const runner = join(root, 'test/conformance/run.ts');

function directoryFromArguments() {
  const { values } = parseArgs({ options: { dir: { type: 'string' } } });
  const directory = resolve(values.dir ?? join(root, 'test/conformance/cases'));
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${directory} is not a directory`);
  }
  return directory;
}

async function main() {
  const directory = directoryFromArguments();
  const target = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    writeFileSync(join(target, 'package.json'), '{"type":"module"}');
    compile(runner, root, target);
    const compiled = join(target, 'test/conformance/run.js');
    const { reportLines, runDirectory } = await import(pathToFileURL(compiled).href);
    const results = runDirectory(directory);
    console.log(reportLines(results).join('\n'));
    return results.some((result) => result.status === 'failed') ? 1 : 0;
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
