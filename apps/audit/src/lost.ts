import { existsSync } from 'node:fs';
import { textOf } from './bundle/files.js';

/** Maximum number of bytes in a list of lost keys or files. */
export const longestList = 64 * 1_024 * 1_024;

interface Listed {
  readonly option: string;
  readonly pattern: RegExp;
  /** What one entry is, for an error. */
  readonly entry: string;
}

const keys: Listed = {
  option: '--lost-keys',
  pattern: /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/,
  entry: 'development id',
};
const files: Listed = { option: '--lost-files', pattern: /^[0-9a-f]{64}$/, entry: 'name of 64 hexadecimal digits' };

/** Reads the developments whose keys a person declares lost. Rejects with the error in the list. */
export const lostKeys = (given: string | undefined): Promise<ReadonlySet<string>> => listIn(given, keys);

/** Reads the names of the files that a person declares lost. Rejects with the error in the list. */
export const lostFiles = (given: string | undefined): Promise<ReadonlySet<string>> => listIn(given, files);

/** A list is a file with one entry a line, or entries with commas between. */
async function listIn(given: string | undefined, { option, pattern, entry }: Listed): Promise<ReadonlySet<string>> {
  if (given === undefined) return new Set();
  const text = existsSync(given) ? ((await textOf(given, longestList)) ?? '') : given;
  const ids = text.split(/[\s,]+/).filter(Boolean);
  const wrong = ids.find(id => !pattern.test(id));
  if (wrong === undefined && ids.length > 0) return new Set(ids);
  throw new Error(
    `${option} needs a file with one ${entry} per line, or such entries separated by commas${wrong === undefined ? '' : `; ${wrong.slice(0, 100)} is none`}.`,
  );
}
