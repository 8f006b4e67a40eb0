import { KeyDigest, KeyLine, LineTooLong, listsLostKeys, type Manifest } from '#bundle';
import { sha256 } from '#domain';
import type { Key } from '#keys';
import type { Contents } from '../contents.js';
import { linesOf } from '../files.js';
import type { KeySource } from '../key-source.js';
import { mostFaultsPrinted, type BundleFaultCode, type Faults } from './faults.js';
import { readLine } from './expected.js';

const keysFile = 'keys.jsonl';
const digestsFile = 'key-digests.jsonl';

/** The sources of information on keys that are not in the bundle. */
export interface KeysKnown {
  /** Developments whose keys a person declares lost. */
  readonly lost: ReadonlySet<string>;
  /** Undefined if no store is to be asked. */
  readonly store?: KeySource | undefined;
}

/** Counts and lists of a bundle's keys. */
export interface KeysFound {
  /** Lines of keys.jsonl. */
  readonly held: number;
  /** Number of exported keys. */
  readonly exported: number;
  /** Number of exported keys that are no longer in keys.jsonl. */
  readonly removed: number;
  /** Number of keys that only the key store has. */
  readonly elsewhere: number;
  /** Keys destroyed by the time of the export or in the key store, or declared lost. */
  readonly gone: ReadonlySet<string>;
  /** Keys that are missing without an explanation. Empty for a bundle without keys, which cannot show it. */
  readonly missing: ReadonlySet<string>;
  /** Developments for which a bundle of the former format does not record the fate of the key. */
  readonly untold: number;
}

const noDigests: Digests = { exported: new Map(), lost: new Map() };

/** The digests of a bundle's keys. */
export interface Digests {
  readonly exported: ReadonlyMap<string, string>;
  readonly lost: ReadonlyMap<string, 'destroyed' | 'missing'>;
}

/** Undefined if the file is not among the signed ones: the bundle was made without keys. */
export async function readDigests(folder: string, manifest: Manifest, faults: Faults): Promise<Digests | undefined> {
  if (!manifest.files.some(({ name }) => name === digestsFile)) return undefined;
  const [exported, lost] = [new Map<string, string>(), new Map<string, 'destroyed' | 'missing'>()];
  let line = 0;
  await readable(digestsFile, faults, async () => {
    for await (const text of linesOf(folder, digestsFile)) {
      line++;
      const entry = readLine(KeyDigest, text);
      if (!entry) faults.add('unreadable-line', digestsFile, '', { line });
      else if (exported.has(entry.development) || lost.has(entry.development))
        faults.add('added-digest', digestsFile, `Development ${entry.development}, a second time.`, { line });
      else if ('sha256' in entry) exported.set(entry.development, entry.sha256);
      else lost.set(entry.development, entry.lost);
    }
  });
  return { exported, lost };
}

/** Checks that each development with a payload has one digest, or a record of its key's fate. */
export function checkDigests(manifest: Manifest, digests: Digests, contents: Contents, faults: Faults): void {
  const { developments } = contents;
  const named = new Set([...digests.exported.keys(), ...digests.lost.keys()]);
  for (const development of named)
    if (!developments.has(development)) faults.add('added-digest', digestsFile, `Development ${development}.`);
  if (!listsLostKeys(manifest)) return;
  for (const development of developments)
    if (!named.has(development)) faults.add('missing-digest', digestsFile, `Development ${development}.`);
}

/**
 * Checks that every key is an exported one, and that each missing key was destroyed by the export or is declared lost.
 * Rejects if a key is present that was declared lost.
 */
export async function checkKeys(
  folder: string,
  digests: Digests | undefined,
  developments: ReadonlySet<string>,
  known: KeysKnown,
  faults: Faults,
): Promise<KeysFound> {
  const { exported, lost } = digests ?? noDigests;
  const there = await keysThere(folder, exported, known.lost, faults);
  const absent = new Set([...exported.keys()].filter(development => !there.has(development)));
  const untold = [...developments].filter(development => !exported.has(development) && !lost.has(development));
  const gone = new Set([...lost].flatMap(([development, how]) => (how === 'destroyed' ? [development] : [])));
  // The bundle does not record the fate of these keys. To use them, a store must have them.
  const open = new Set([...absent, ...[...lost.keys()].filter(id => !gone.has(id)), ...(known.store ? untold : [])]);
  const { elsewhere, destroyed, missing } = await search(open, exported, known, faults);
  for (const development of destroyed) gone.add(development);
  for (const development of missing) faults.add('missing-key', keysFile, `Development ${development}.`);
  return {
    held: there.size,
    exported: exported.size,
    removed: absent.size,
    elsewhere: elsewhere.size,
    gone,
    missing,
    untold: untold.length,
  };
}

/** Looks for keys that are not in the bundle: in the key store, and among those declared lost. */
async function search(
  developments: ReadonlySet<string>,
  exported: ReadonlyMap<string, string>,
  { store, lost }: KeysKnown,
  faults: Faults,
) {
  const stored = (await store?.(developments)) ?? new Map<string, Key>();
  const [elsewhere, destroyed, missing] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const development of developments) {
    const key = stored.get(development);
    if (key && 'secret' in key) {
      elsewhere.add(development);
      if (exported.has(development) && sha256(key.secret) !== exported.get(development))
        faults.add('altered-key', keysFile, `The key store has a different key for development ${development}.`);
    } else if (key || lost.has(development)) destroyed.add(development);
    else missing.add(development);
  }
  return { elsewhere, destroyed, missing };
}

/** The keys whose line in keys.jsonl is the exported one, or was reported as wrong. */
async function keysThere(
  folder: string,
  exported: ReadonlyMap<string, string>,
  lost: ReadonlySet<string>,
  faults: Faults,
): Promise<ReadonlySet<string>> {
  const there = new Set<string>();
  let line = 0;
  const fault = (code: BundleFaultCode, detail = '') => faults.add(code, keysFile, detail, { line });
  await readable(keysFile, faults, async () => {
    for await (const text of linesOf(folder, keysFile)) {
      line++;
      if (line > exported.size + mostFaultsPrinted)
        return fault('added-key', 'This line and all later ones were not read.');
      const entry = readLine(KeyLine, text);
      if (!entry) {
        fault('unreadable-line');
        continue;
      }
      const { development, key } = entry;
      if (lost.has(development))
        throw new Error(
          `The key of ${development} is listed as lost, but it is in ${keysFile}, line ${line}. Remove it from the list, or delete the line.`,
        );
      if (!exported.has(development) || there.has(development))
        fault('added-key', `Development ${development}${there.has(development) ? ', a second time' : ''}.`);
      else if (digestOf(key) !== exported.get(development)) fault('altered-key', `Development ${development}.`);
      if (exported.has(development)) there.add(development);
    }
  });
  return there;
}

/** Undefined if the encoding is not canonical. */
function digestOf(key: string): string | undefined {
  const bytes = Buffer.from(key, 'base64url');
  return bytes.toString('base64url') === key ? sha256(bytes) : undefined;
}

async function readable(file: string, faults: Faults, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    faults.add('unreadable-line', file, error.message);
  }
}
