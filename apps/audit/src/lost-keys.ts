import { existsSync } from 'node:fs';
import { textOf } from './bundle/files.js';

/** Maximum number of bytes in a list of lost keys. */
export const longestList = 64 * 1_024 * 1_024;

const development = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Reads the developments whose keys a person declares lost: a file with one a line, or a list with commas. Rejects with the
 * error in it.
 */
export async function lostKeys(given: string | undefined): Promise<ReadonlySet<string>> {
  if (given === undefined) return new Set();
  const text = existsSync(given) ? ((await textOf(given, longestList)) ?? '') : given;
  const ids = text.split(/[\s,]+/).filter(Boolean);
  const wrong = ids.find(id => !development.test(id));
  if (wrong === undefined && ids.length > 0) return new Set(ids);
  throw new Error(
    `--lost-keys needs a file with one development id per line, or ids separated by commas${wrong === undefined ? '' : `; ${wrong.slice(0, 100)} is none`}.`,
  );
}
