import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

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

/** Node's arguments for a program given relative to the root, without extension: its source while this code is one, else compiled. */
export const programArguments = (path: string): string[] =>
  extname(import.meta.url) === '.ts'
    ? ['--conditions=dateline', projectFile(`${path}.ts`)]
    : [projectFile(`dist/${path}.js`)];
