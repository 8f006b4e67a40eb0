import { decisions, type KeptPicture } from '#domain';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { Audited } from '../audited.fixture.js';
import { namesOf, StoredFiles } from '../blobs/stored.fixture.js';
import { id, said, withContent, writing } from '../newsroom.fixture.js';
import { exitCodeOf, lines, type Report } from './report.js';
import type { VerifyOptions } from './verify.js';

let files: StoredFiles;
let [shown, replaced, down]: KeptPicture[] = [];
let it: Audited;

const showing = (number: number, ...pictures: readonly KeptPicture[]) =>
  withContent(number, said(`No. ${number}`, { media: pictures.map(picture => ({ alt: 'A crane', picture })) }));
const correcting = (number: number, picture: KeptPicture) => {
  const { development, outline, told } = showing(number, picture);
  return { development, outline, told: { ...told, wrong: 'The picture.', reason: 'Newer.' } };
};

beforeAll(async () => {
  files = await StoredFiles.open();
  [shown, replaced, down] = [await files.picture(), await files.picture(), await files.picture()];
  const log = writing()
    .decide(decisions.reopenStory({}))
    .decide(decisions.recordDevelopment(showing(50, replaced!)))
    .decide(decisions.correct(correcting(50, shown!)))
    .decide(decisions.recordDevelopment(showing(51, down!)))
    .takeDown(id(51));
  it = await Audited.of(log.records);
});
afterAll(() => Promise.all([it?.drop(), files?.close()]));

const verify = (more: Partial<VerifyOptions> = { blobs: files.sealed }): Promise<Report> =>
  it.verify(it.topic, undefined, undefined, more);

describe('verifying the files of pictures', () => {
  test('each file that the log names is read, also of former versions; those of a takedown may be gone', async () => {
    for (const name of namesOf(down!)) await rm(files.pathOf(name), { force: true });
    const report = await verify();
    expect(report).toMatchObject({ equal: true, files: { checked: 4, wrong: [], wrongCount: 0 } });
    expect(lines(report).join('\n')).toContain('4 files of pictures read, 0 missing or damaged');
  });

  test('without a store it cannot say that all is equal, and exits with 2', async () => {
    const report = await verify({});
    expect([report.equal, exitCodeOf(report), report.files]).toEqual([false, 2, null]);
    expect(report.unchecked).toEqual([expect.stringMatching(/names 6 files of pictures, and BLOB_STORE does not/)]);
  });

  describe('when files are missing or damaged', () => {
    let own: StoredFiles;
    let pictures: KeptPicture[];
    let room: Audited;
    beforeEach(async () => {
      own = await StoredFiles.open();
      pictures = await Promise.all(Array.from({ length: 11 }, () => own.picture()));
      const log = writing().decide(decisions.reopenStory({}));
      for (const [at, picture] of pictures.entries())
        log.decide(decisions.recordDevelopment(showing(60 + at, picture)));
      room = await Audited.of(log.records);
    });
    afterEach(() => Promise.all([room.drop(), own.close()]));

    test('they are named with their position, twenty at most, unless a person lists them', async () => {
      const verified = (more = {}) => room.verify(room.topic, undefined, undefined, { blobs: own.sealed, ...more });
      const [first, second] = pictures.map(namesOf);
      await own.damage(first![0]!);
      await rm(own.pathOf(second![1]!));
      const report = await verified();
      const by = { stream: 'story:storm', seq: 41, position: 44 };
      expect([report.first, exitCodeOf(report)]).toEqual([
        { code: 'file-differs', ...by, detail: expect.stringMatching(`${first![0]} .*, and 1 more`), row: null },
        1,
      ]);
      expect(report.files).toEqual({
        checked: 22,
        wrongCount: 2,
        wrong: [
          { code: 'file-differs', name: first![0], development: id(60), ...by },
          { code: 'file-missing', name: second![1], development: id(61), ...by, seq: 42, position: 45 },
        ],
      });
      expect(lines(report)).toContain(`MISSING: ${second![1]}, position 45`);
      const known = new Set([first![0]!, second![1]!]);
      expect(await verified({ lostFiles: known })).toMatchObject({ equal: true, files: { wrongCount: 0 } });

      for (const name of pictures.flatMap(namesOf).slice(1)) await rm(own.pathOf(name), { force: true });
      const most = await verified();
      expect([most.files!.wrong.length, most.files!.wrongCount]).toEqual([20, 22]);
      expect(lines(most).join('\n')).toContain('and 2 more');

      await own.unmount();
      const gone = await verified();
      expect([exitCodeOf(gone), gone.unchecked]).toEqual([2, [expect.stringContaining('could not be read')]]);
    });

    test('a file that is deleted because a takedown came meanwhile is not missed', async () => {
      const log = writing().decide(decisions.reopenStory({}));
      for (const [at, picture] of pictures.entries())
        log.decide(decisions.recordDevelopment(showing(60 + at, picture)));
      const before = log.records.length;
      log.takeDown(id(60));
      const later = log.records.slice(before);
      let isDown = false;
      const blobs = {
        ...own.sealed,
        async *get(name: string) {
          // The takedown and the collector come between the end of the log and the first file.
          if (!isDown) {
            isDown = true;
            await room.copy(later);
            for (const each of namesOf(pictures[0]!)) await rm(own.pathOf(each));
          }
          yield* own.sealed.get(name);
        },
      };
      expect(await room.verify(room.topic, undefined, undefined, { blobs })).toMatchObject({
        equal: true,
        files: { wrongCount: 0 },
      });
    });
  });
});
