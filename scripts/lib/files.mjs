import { chmod, readFile, rename, writeFile } from 'node:fs/promises';

/** The JSON of a file; null when there is no such file or a crash left half of it. */
export async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Writes a file that only its owner may read, whole or not at all. */
export async function writePrivate(path, text) {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}

export function writePrivateJson(path, value) {
  return writePrivate(path, `${JSON.stringify(value, null, 2)}\n`);
}
