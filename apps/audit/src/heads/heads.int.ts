import { generateSigningKey, signerOf, signHead, type SigningJwk } from '#bundle';
import { kafkaReader } from '#event-log';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Bundled, never } from '../bundle/bundled.fixture.js';
import { writing } from '../newsroom.fixture.js';
import type { Trusted } from '../trust.js';
import { headsReportOf, readAll } from './report.js';
import { LogWatch } from './log-watch.js';
import { readHeads } from './read-heads.js';
import { headsOf } from './signed.fixture.js';

const { records } = writing();
const winners = records.filter((record, i) => records.indexOf(record) === i);
const quiet = { show: () => undefined, stop: () => undefined };
let it: Bundled;
let key: SigningJwk;
beforeAll(async () => {
  it = await Bundled.of(records, []);
  key = it.key;
});
afterAll(() => it?.close());

/** Compares the log with heads in a file of these lines, or at a URL. */
async function compared(given: string, { expected }: { expected: Trusted } = { expected: [key.kid] }) {
  const from = given.startsWith('http') ? given : join(it.folder, randomUUID());
  if (from !== given) await writeFile(from, given);
  const heads = await readHeads(from, expected, never);
  const [reader, watch] = [kafkaReader(it.log), new LogWatch(heads.heads)];
  try {
    await readAll(reader, watch, quiet, never);
  } finally {
    await reader.close();
  }
  return headsReportOf(it.topic, watch, heads);
}

describe('comparing the log with signed heads', () => {
  test('heads can be read from a URL, with or without a final line feed', async () => {
    const lines = await headsOf(winners, [3, 42], key);
    const server = createServer((_, response) => response.end(lines.trimEnd()));
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await compared(url)).toMatchObject({ equal: true, compared: 2, log: { position: 42 } });
    await new Promise(closed => server.close(closed));
    await expect(compared(url)).rejects.toThrow();
  });

  test('a head of another log and two different heads of one position are faults', async () => {
    const forged = { log: winners[0]!.id, position: 42, root: 'a'.repeat(64), time: '2026-01-01T15:00:00.000Z' };
    const elsewhere = { ...forged, log: 'b'.repeat(64), position: 7 };
    const signer = await signerOf(key);
    const more = [await signHead(signer, forged), await signHead(signer, elsewhere)];
    const report = await compared(`${await headsOf(winners, [42], key)}${more.join('\n')}\n`);
    expect(report).toMatchObject({ equal: false, faults: 3, first: { code: 'head-of-other-log' } });
  });

  test('heads by another key and incomplete lines are listed as strange and prove nothing', async () => {
    const stranger = await generateSigningKey({ dev: false });
    const strange = `${await headsOf(winners, [42], stranger)}nonsense\n`;
    const report = await compared(strange);
    expect(report).toMatchObject({
      equal: false,
      first: null,
      compared: 0,
      unchecked: [expect.stringMatching(/holds no head/)],
    });
    expect(report.strange).toEqual([expect.stringContaining(stranger.kid), expect.stringContaining('Line 2')]);
    const own = await headsOf(winners, [42], key);
    expect(await compared(`${strange}${own}eyJhbGci`)).toMatchObject({
      equal: true,
      compared: 1,
      strange: report.strange,
    });
    expect(await compared(own, { expected: undefined })).toMatchObject({
      equal: false,
      first: null,
      unchecked: [expect.stringMatching(/not checked/)],
    });
  });
});
