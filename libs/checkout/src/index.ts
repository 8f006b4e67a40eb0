import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the checkout, or of the image, that this code belongs to: from the sources and from dist/ alike. */
export function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder)
      throw new Error('No folder above the code holds Dateline’s package.json. Run it from a checkout.');
    folder = above;
  }
  return folder;
}

/** A file of it by its path from there. SQL, for example, stays beside the sources, and dist/ has none. */
export const projectFile = (path: string): string => join(projectRoot(), path);
