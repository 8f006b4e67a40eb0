import type { Answered } from './unanswered.js';
import { expect, test } from '@jest/globals';
import { upload, type Progress, type UploadLine } from './upload.js';

const uploaded = { picture: 'a'.repeat(64), ticket: 't' };
const file = (size: number) => new File([new Uint8Array(size)], 'crane.jpg', { type: 'image/jpeg' });

/** A newsroom that takes parts of 200,000 bytes and answers each request, in turn, as `faults` says: "lost" or a status; undefined answers rightly. */
function newsroom(faults: readonly ('lost' | number | undefined)[] = []) {
  let missing = [0, 1, 2];
  const asked: string[] = [];
  const waited: number[] = [];
  const open = (): Answered => ({ status: 200, body: { upload: 'u', partBytes: 200_000, missing } });
  const line: UploadLine = {
    sha256: async () => 'f'.repeat(64),
    pause: async ms => void waited.push(ms),
    ask: async (path, { method, body }) => {
      asked.push(`${method} ${path}${body instanceof Blob ? ` ${body.size}` : ''}`);
      const fault = faults[asked.length - 1];
      const part = /parts\/(\d)$/.exec(path)?.[1];
      // The newsroom has what a lost answer was about.
      if (part !== undefined && typeof fault !== 'number') missing = missing.filter(one => one !== Number(part));
      if (fault === 'lost') throw new TypeError('no network');
      if (fault !== undefined)
        return { status: fault, body: { code: fault === 404 ? 'unknown-upload' : 'c', detail: 'Why.' } };
      return path.endsWith('finish') || path.endsWith('media') ? { status: 201, body: uploaded } : open();
    },
  };
  return { line, asked, waited };
}

const begin = 'POST /stories/flood/uploads';
const part = (n: number, size = 200_000) => `PUT /stories/flood/uploads/u/parts/${n} ${size}`;
const finish = 'POST /stories/flood/uploads/u/finish';

test('a small picture is sent in one request, and so is a large one where the browser computes no hash', async () => {
  const { line, asked } = newsroom();
  expect(await upload(line, 'flood', file(400_000))).toEqual(uploaded);
  expect(await upload({ ...line, sha256: async () => undefined }, 'flood', file(400_001))).toEqual(uploaded);
  expect(asked).toEqual([400_000, 400_001].map(size => `POST /stories/flood/media ${size}`));
});

test('a large picture is sent in parts, with its progress', async () => {
  const { line, asked } = newsroom();
  const told: Progress[] = [];
  expect(await upload(line, 'flood', file(450_000), progress => told.push(progress))).toEqual(uploaded);
  expect(asked).toEqual([begin, part(0), part(1), part(2, 50_000), finish]);
  expect(told.map(({ share }) => Math.round(100 * share))).toEqual([0, 33, 67, 100]);
});

test('where the network is away it waits, and goes on from the part that is due', async () => {
  const { line, asked, waited } = newsroom(['lost', undefined, 'lost', 503, 408]);
  const told: Progress[] = [];
  expect(await upload(line, 'flood', file(450_000), progress => told.push(progress))).toEqual(uploaded);
  expect(asked).toEqual([begin, begin, part(0), part(0), part(0), part(0), part(1), part(2, 50_000), finish]);
  expect(waited).toEqual([500, 500, 1_000, 2_000]);
  expect(told.filter(({ waits }) => waits)).toHaveLength(4);
});

test('an upload that the newsroom has forgotten begins again, at most three times', async () => {
  const once = newsroom([undefined, 404]);
  expect(await upload(once.line, 'flood', file(450_000))).toEqual(uploaded);
  expect(once.asked.slice(0, 4)).toEqual([begin, part(0), begin, part(0)]);
  const always = newsroom(Array.from({ length: 9 }, (_, n) => (n % 2 === 1 ? 404 : undefined)));
  await expect(upload(always.line, 'flood', file(450_000))).rejects.toThrow('Why.');
  expect(always.asked.filter(one => one === begin)).toHaveLength(3);
});

test('a refusal is told and not tried again; a network that stays away is told after a while', async () => {
  const refusing = newsroom([undefined, undefined, undefined, undefined, 415]);
  await expect(upload(refusing.line, 'flood', file(450_000))).rejects.toMatchObject({ status: 415, message: 'Why.' });
  expect(refusing.waited).toEqual([]);
  const away = newsroom(Array.from({ length: 60 }, () => 'lost' as const));
  await expect(upload(away.line, 'flood', file(450_000))).rejects.toThrow('The newsroom does not answer.');
  expect(away.asked).toHaveLength(60);
});
