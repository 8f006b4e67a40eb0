import { BadSignature, bundleFormat, Manifest, openManifest, type Signed } from '#bundle';
import { join } from 'node:path';
import { largestManifest, textOf } from '../files.js';
import type { Faults } from './faults.js';

/** Maximum number of characters quoted from a line. */
const longestQuote = 200;

/** A bundle's manifest, and its signature. */
export interface Opened {
  readonly manifest: Manifest;
  /** Undefined if there is no valid signature, so that the manifest is not authenticated. */
  readonly signed: Signed | undefined;
}

/** Reads the signed manifest or, without a valid signature, the unsigned one. Rejects if there is no bundle. */
export async function openBundle(folder: string, faults: Faults): Promise<Opened> {
  const read = (name: string) => textOf(join(folder, name), largestManifest);
  const [text, jws] = [await read('manifest.json'), await read('manifest.jws')];
  if (text === undefined && jws === undefined) throw new Error(`${folder} is not a bundle: it has no manifest.`);
  const signed = await signedBy(jws, faults);
  if (signed && text !== signed.payload)
    faults.add('altered-manifest', 'manifest.json', firstDifference(signed.payload, text ?? ''));
  const manifest = manifestIn(signed?.payload ?? text ?? '');
  if (manifest) return { manifest, signed };
  throw new Error(
    `The manifest in ${folder} does not say ${bundleFormat}: it is not a bundle, or one of another version.`,
  );
}

async function signedBy(jws: string | undefined, faults: Faults): Promise<Signed | undefined> {
  try {
    return await openManifest(jws ?? '');
  } catch (error) {
    if (!(error instanceof BadSignature)) throw error;
    faults.add('bad-signature', 'manifest.jws', jws === undefined ? 'There is none.' : error.message);
    return undefined;
  }
}

function manifestIn(text: string): Manifest | undefined {
  try {
    return Manifest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function firstDifference(signed: string, found: string): string {
  if (!found) return 'There is none.';
  const [due, has] = [signed.split('\n'), found.split('\n')];
  const at = due.findIndex((line, i) => line !== has[i]);
  if (at < 0) return `It continues after line ${due.length}.`;
  const short = (line: string) => line.trim().slice(0, longestQuote);
  return `Line ${at + 1}: the signed text is ${short(due[at] ?? '')}; the file has ${short(has[at] ?? 'nothing')}.`;
}
