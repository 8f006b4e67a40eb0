import { KeyDigest, KeyLine, type Manifest } from '#bundle';
import { sha256 } from '#domain';
import { Visible } from '#projections';
import type { z } from 'zod';
import type { Faults } from './faults.js';
import { linesOf } from './files.js';

const ledger = 'visibility.jsonl';
const keys = 'keys.jsonl';
const digests = 'key-digests.jsonl';

/** The ledger goes forwards, in positions and in time, and not beyond the log. */
export async function checkLedger(folder: string, { tree }: Manifest, faults: Faults): Promise<void> {
  let [line, before] = [0, { last: 0, at: '' }];
  for await (const text of linesOf(folder, ledger)) {
    line++;
    const entry = read(Visible, text);
    if (!entry) faults.add('unreadable-line', ledger, '', { line });
    else if (entry.first <= before.last || entry.last < entry.first || entry.at < before.at || entry.last > tree.size)
      faults.add('wrong-entry', ledger, text, { line, position: entry.first });
    before = entry ?? before;
  }
}

export interface KeysFound {
  /** How many there are, and how many of those exported are not there any more. */
  readonly held: number;
  readonly removed: number;
}

/** Every key is one that was exported; that some are gone is right where there was a takedown. */
export async function checkKeys(folder: string, faults: Faults): Promise<KeysFound> {
  const exported = new Map<string, string>();
  for await (const text of linesOf(folder, digests)) {
    const entry = read(KeyDigest, text);
    if (entry) exported.set(entry.development, entry.sha256);
  }
  const left = new Map(exported);
  let line = 0;
  for await (const text of linesOf(folder, keys)) {
    line++;
    const entry = read(KeyLine, text);
    const fault = (code: 'unreadable-line' | 'added-key' | 'altered-key', detail = '') =>
      faults.add(code, keys, detail, { line });
    if (!entry) {
      fault('unreadable-line');
      continue;
    }
    const { development, key } = entry;
    const bytes = Buffer.from(key, 'base64url');
    if (!left.delete(development))
      fault('added-key', `Development ${development}${exported.has(development) ? ', a second time' : ''}.`);
    else if (bytes.toString('base64url') !== key || sha256(bytes) !== exported.get(development))
      fault('altered-key', `Development ${development}.`);
  }
  return { held: line, removed: left.size };
}

function read<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
