import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, `migrations` and `dist`: the nearest one above this file, whether that lies in `src`, in a module of `dist`, or in a bundle. */
export const PROJECT_FOLDER = nearestAbove(dirname(fileURLToPath(import.meta.url)));

function nearestAbove(folder: string): string {
  const above = dirname(folder);
  if (existsSync(join(folder, 'package.json')) || above === folder) return folder;
  return nearestAbove(above);
}
