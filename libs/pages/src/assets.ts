import { projectFile } from '#checkout';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A bundle, as pages refer to it. */
export interface Asset {
  readonly url: string;
  readonly integrity: string;
}

/** The path of the bundles; the build writes the same one into the style sheet. */
export const assetsPath = '/assets';

/** The folder of the built bundles. */
export const assetsFolder = (): string => projectFile('dist/pages');

type Manifest = Readonly<Record<string, { readonly file: string; readonly integrity: string }>>;
let manifest: Manifest | undefined;

function manifestRead(): Manifest {
  const file = join(assetsFolder(), 'manifest.json');
  if (!existsSync(file)) throw new Error(`${file} is missing. Run "npm run build", which bundles the pages’ files.`);
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}

/** The bundle of an entry of libs/pages/entries.mjs. Throws if there is none, or if pages were not built. */
export function asset(entry: string): Asset {
  const found = (manifest ??= manifestRead())[entry];
  if (!found) throw new Error(`No bundle is called ${entry}: add it to libs/pages/entries.mjs and build.`);
  return { url: `${assetsPath}/${found.file}`, integrity: found.integrity };
}

/** Changes whenever any bundle does: part of a page's tag, as pages name their bundles. */
export const assetsVersion = (): string =>
  Object.values((manifest ??= manifestRead()))
    .map(({ file }) => file.split('.').at(-2))
    .join('');
