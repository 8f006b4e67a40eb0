import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root folder of the checkout or image with this code; works from the sources and from dist/. */
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

/** The absolute path of a file of the checkout, given relative to its root. SQL files, for example, are not copied into dist/. */
export const projectFile = (path: string): string => join(projectRoot(), path);

/** The compiled program given relative to the root, without extension. */
export const programFile = (path: string): string => projectFile(`dist/${path}.js`);
