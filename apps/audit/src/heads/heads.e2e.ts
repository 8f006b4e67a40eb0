import { generateSigningKey, publicHalf, type SigningJwk } from '#bundle';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Audited } from '../audited.fixture.js';
import { writing } from '../newsroom.fixture.js';
import { headsOf } from './signed.fixture.js';

const { records } = writing();
const winners = records.filter((record, i) => records.indexOf(record) === i);
let [folder, keyFile] = ['', ''];
let key: SigningJwk;
let it: Audited;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dateline-test-'));
  keyFile = join(folder, 'key.json');
  key = await generateSigningKey({ dev: false });
  await writeFile(keyFile, JSON.stringify({ keys: [publicHalf(key)] }));
  it = await Audited.of(records);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await it?.drop();
});

const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1)!);

/** The reports of `verify` and `heads` for a log and heads of these commits at positions 5, 20 and 42. */
async function both(audited: Audited, commits: Parameters<typeof headsOf>[0]) {
  const heads = join(folder, 'heads.jws');
  await writeFile(heads, await headsOf(commits, [5, 20, 42], key));
  const verified = await audited.run('verify', '--heads', heads, '--key', keyFile, '--json');
  const compared = await audited.run('heads', heads, '--key', key.kid);
  return { codes: [verified.code, compared.code], verify: lastLine(verified.stdout), heads: compared.stdout };
}

describe('verify and heads, given signed heads', () => {
  test('both find a log equal that matches its heads', async () => {
    const fine = await both(it, winners);
    expect(fine).toMatchObject({ codes: [0, 0], verify: { equal: true, heads: { compared: 3, faults: 0 } } });
    expect(fine.heads).toMatch(/42 commits, root [0-9a-f]{64}, 3 heads compared\nEQUAL: /);
  });

  test('both find a cut tail, even if the tables were rebuilt from the shortened log', async () => {
    const cut = await Audited.of(records.slice(0, -3));
    try {
      expect(await cut.verify()).toMatchObject({ equal: true, winners: 39 });
      const found = await both(cut, winners);
      expect(found).toMatchObject({
        codes: [1, 1],
        verify: { equal: false, first: { code: 'tail-cut', position: 42 } },
      });
      expect(found.heads).toMatch(/DIFFERENT: The log ends before .* Position 42 was signed .*; the log ends at 39/);
    } finally {
      await cut.drop();
    }
  });

  test('both find a rewritten past, even if the log and the tables agree with each other', async () => {
    const { headers, value } = winners[11]!;
    const said = Buffer.from(Buffer.from(value).toString().replace('"ed"', '"other"'));
    const found = await both(it, [...winners.slice(0, 11), { headers, value: said }, ...winners.slice(12)]);
    expect(found).toMatchObject({
      codes: [1, 1],
      verify: { equal: false, faults: 0, heads: { compared: 3, faults: 2 } },
    });
    expect(found.verify.first).toMatchObject({ code: 'past-rewritten', position: 20 });
    expect(found.heads).toMatch(/DIFFERENT: The log does not hold the signed commits.*\nand 1 more/);
  });
});
