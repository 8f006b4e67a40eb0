import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of the checkout by its path from the top; SQL stays beside the sources, whether they run from there or from dist. */
export function projectFile(path: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, path);
}
