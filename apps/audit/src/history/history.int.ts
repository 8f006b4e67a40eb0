import { decisions } from '#domain';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Audited } from '../audited.fixture.js';
import { at, id, said, story, withContent, Writing, writing } from '../newsroom.fixture.js';
import { diff } from './past.js';
import { gap } from './gap.js';
import { late } from './late.js';
import { momentOf } from './moments.js';
import type { HistoryAnswer } from './answer.js';
import { trail } from './trail.js';

const log = writing();
const reopening = log.records.length;
let it: Audited;
/** The instant when everything was recorded and readers could see all but the last two commits. */
let between: string;

beforeAll(async () => {
  const old = { from: '2025-12-20T12:00:00Z', precision: 'minute' as const };
  log
    .decide(decisions.reopenStory({ reason: 'More came.' }))
    .decide(decisions.recordDevelopment(withContent(40, said('Long ago.', { occurred: old }))));
  it = await Audited.of(log.records, log.records.slice(0, reopening));
  await new Promise(resolve => setTimeout(resolve, 5));
  between = new Date().toISOString();
  await new Promise(resolve => setTimeout(resolve, 5));
  await it.fold(log.records.slice(reopening));
});
afterAll(() => it?.drop());

const acts = ({ json }: HistoryAnswer) =>
  (json as { entries: { position: number; act: string }[] }).entries.map(({ position, act }) => `${position} ${act}`);

describe('trail', () => {
  test('trail lists every event of a development, and when readers could see it', async () => {
    const answer = await trail(it, story, { development: id(2) });
    expect(acts(answer)).toEqual(['6 DevelopmentRecorded', '36 DevelopmentCorrected', '37 DevelopmentVerified']);
    expect(answer.json).toMatchObject({
      position: 44,
      entries: [{ visible: expect.stringMatching(/Z$/) }, {}, { why: 'Two saw it.' }],
    });
    expect(answer.lines.join('\n')).toMatch(/wrong: The number/);
  });

  test('trail lists the events behind an actor’s cell, and accepts the actor’s name', async () => {
    const answer = await trail(it, story, { actor: 'the MAYOR', facet: 'statement', key: id(4) });
    expect(acts(answer)).toEqual(['8 DevelopmentRecorded', '39 DevelopmentRetracted']);
    expect(answer.json).toMatchObject({ actor: 'mayor', developments: [id(4)] });
  });

  test('trail names the story, development or actor that it does not know', async () => {
    await expect(trail(it, 'calm', { development: id(1) })).rejects.toThrow(/No story has the id calm/);
    await expect(trail(it, story, { development: id(99) })).rejects.toThrow(/No event in storm affects/);
    await expect(trail(it, story, { actor: 'nobody', facet: 'statement' })).rejects.toThrow(/No registered actor/);
  });
});

describe('diff', () => {
  const changes = (from: string, to: string) => diff(it, story, { from: momentOf(from), to: momentOf(to) });
  const expected = ['36 DevelopmentCorrected', '37 DevelopmentVerified', '38 DevelopmentPinned'];

  test('diff lists the changes between two positions or two instants', async () => {
    expect(acts(await changes('35', '38'))).toEqual(expected);
    expect(acts(await changes(at(35), at(38)))).toEqual(expected);
    expect((await changes(at(35), at(38))).json).toMatchObject({ from: 35, to: 38 });
  });

  test('diff says that nothing changed, and refuses a future position and a reversed range', async () => {
    expect((await changes('3', '3')).lines).toEqual([expect.stringContaining('did not change')]);
    await expect(changes('3', '99')).rejects.toThrow(/ends at position 44, before 99/);
    await expect(changes('9', at(5))).rejects.toThrow(/--from \(position 9\) is later than --to \(position 5\)/);
  });
});

describe('late', () => {
  test('late lists what was recorded long after it occurred, with the delay', async () => {
    const { json, lines } = await late(it, 86_400_000);
    expect(json).toMatchObject({
      late: [{ development: id(40), position: 44, story, lateMs: (12 * 24 * 60 + 43) * 60_000 }],
    });
    expect(lines).toHaveLength(3);
  });

  test('late says that nothing was recorded late', async () =>
    expect((await late(it, 30 * 86_400_000)).lines).toEqual([
      'Nothing was recorded more than 30 d after it occurred.',
    ]));
});

describe('gap', () => {
  test('gap lists what the desk knew before readers saw it', async () => {
    const answer = await gap(it, story, between);
    expect(acts(answer)).toEqual(['43 StoryReopened', '44 DevelopmentRecorded']);
    expect(answer.json).toMatchObject({ known: 44, visible: 42 });
  });

  test('gap says that readers could see everything', async () =>
    expect((await gap(it, story, new Date().toISOString())).lines).toEqual([
      expect.stringContaining('could see everything'),
    ]));

  test('gap refuses to answer if the visibility log is empty', async () => {
    const empty = await Audited.of(
      new Writing().decide(
        decisions.openStory({
          text: 'ffffffff-0000-4000-8000-000000000000',
          zone: 'UTC',
          told: { title: 'The storm' },
        }),
      ).records,
    );
    try {
      await empty.pool.query('delete from dateline.visibility');
      await expect(gap(empty, story, between)).rejects.toThrow(/no record of when/);
    } finally {
      await empty.drop();
    }
  });
});

describe('after a takedown', () => {
  test('trail, diff, gap and late say who took it down, when and on what ground, and hide its text', async () => {
    const taken = writing().decide(decisions.reopenStory({}));
    const old = { from: '2025-12-20T12:00:00Z', precision: 'minute' as const };
    taken.decide(decisions.recordDevelopment(withContent(40, said('A secret.', { occurred: old }))));
    taken.decide(decisions.recordDevelopment({ ...withContent(41, said('A secret under embargo.')), embargo: {} }));
    taken.takeDown(id(40)).takeDown(id(41));
    const other = await Audited.of(taken.records);
    try {
      const of40 = await trail(other, story, { development: id(40) });
      expect(of40.json).toMatchObject({
        entries: [
          { act: 'DevelopmentRecorded', takenDown: true, headline: null, occurred: null, visible: expect.any(String) },
          { act: 'TakedownProposed', by: { id: 'ed' }, role: 'editor', ground: 'court-order', why: null },
          { act: 'ProposalApproved', by: { id: 'la' }, role: 'legal' },
          {
            act: 'ContentShredded',
            by: { id: 'la' },
            ground: 'court-order',
            recorded: at(47),
            visible: expect.any(String),
          },
        ],
      });
      const all = await diff(other, story, { from: { position: 0 }, to: { position: taken.position } });
      const unseen = await gap(other, story, new Date().toISOString());
      expect(acts(unseen)).toEqual(['45 DevelopmentRecorded', '45 DevelopmentEmbargoed', '49 ContentShredded']);
      const slow = await late(other, 86_400_000);
      expect(slow.json).toMatchObject({ late: [] });
      for (const { json, lines } of [of40, all, unseen, slow])
        expect(JSON.stringify([json, lines])).not.toMatch(/A secret|2025-12-20/);
      await expect(trail(other, story, { actor: 'mayor', facet: 'statement', key: id(40) })).rejects.toThrow(
        /No event/,
      );
    } finally {
      await other.drop();
    }
  });
});
