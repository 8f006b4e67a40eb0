import type { OpenEvent } from '#domain';
import { describe, expect, test } from '@jest/globals';
import {
  corrected,
  givenFor,
  opened,
  recorded,
  retracted,
  said,
  takenDown,
  withForgottenPayload,
} from '../given.fixture.js';
import { configurationOf, configurations } from './configurations.js';
import { cut, longestText, search } from './projection.js';

const given = givenFor(search);
const rows = (...search: object[]) => ({ search: search as Record<string, unknown>[] });

describe('the words of a development', () => {
  test('are its headline, its body, the texts in its data and the names in its byline', () =>
    given(opened(), recorded('a', said('Stay in.', { body: 'By *order*.', byline: [{ name: 'Ada Quill' }] }))).then(
      rows({
        story: 'storm',
        development: 'a',
        position: 2,
        ordinal: 0,
        config: 'simple',
        headline: 'Mayor: Stay in.',
        body: 'By *order*.\nStay in.\nAda Quill',
        linked: '',
      }),
    ));

  test('are those of its last correction; a retraction leaves its headline', () => {
    const steps = [recorded('a', said('Stay in.')), corrected('a', said('Stay out.'))];
    given(...steps).then(rows({ position: 1, headline: 'Mayor: Stay out.', body: 'Stay out.' }));
    given(...steps, retracted('a')).then(rows({ position: 1, headline: 'Mayor: Stay out.', body: '' }));
  });

  test('grow by the texts of its kind when it is classified', () =>
    given(recorded('a', said('Stay in.')), {
      type: 'DevelopmentClassified',
      data: { development: 'a', told: { kind: 'departure', data: { actors: ['bus'], place: 'The harbour' } } },
    } as unknown as OpenEvent).then(rows({ body: 'Stay in.\nThe harbour' })));

  test('and apart from them those of linked pages, as captured first and again; a retraction leaves none', () => {
    const made = { at: '2026-08-15T14:05:00Z', proof: 'p'.repeat(43) };
    const page = { ...made, url: 'https://a.example/', title: 'Talks', site: 'The Paper', text: 'Six left.' };
    const first = { ...page, sources: ['html' as const] };
    const again = { ...made, title: 'Talks end', site: 'The Paper', sources: ['html' as const] };
    const linking = recorded('a', said('Stay in.', { captures: [first] }));
    given(linking).then(rows({ body: 'Stay in.', linked: 'Talks\nThe Paper\nSix left.' }));
    const recaptured = {
      type: 'DevelopmentRecaptured',
      data: { development: 'a', told: { captures: [{ ...first, again }] } },
    } as unknown as OpenEvent;
    given(linking, recaptured).then(
      rows({ headline: 'Mayor: Stay in.', body: 'Stay in.', linked: 'Talks\nThe Paper\nSix left.\nTalks end' }),
    );
    given(linking, recaptured, corrected('a', said('Stay out.'))).then(rows({ body: 'Stay out.', linked: '' }));
    given(linking, retracted('a')).then(rows({ body: '', linked: '' }));
  });

  test('are the new ones after a minor edit, with the texts of its data', () => {
    const edit = (told: object) =>
      ({ type: 'DevelopmentCopyEdited', data: { development: 'a', told } }) as unknown as OpenEvent;
    const held = said('Stay in.', { body: 'The goverment warns.' });
    given(recorded('a', held), edit({ headline: 'Stay', body: 'The government warns.' })).then(
      rows({ headline: 'Stay', body: 'The government warns.\nStay in.' }),
    );
    given(recorded('a', said('Stay in.')), edit({ headline: 'Stay' })).then(
      rows({ headline: 'Stay', body: 'Stay in.' }),
    );
  });

  test('are none of a development whose key was destroyed', () =>
    given(withForgottenPayload(recorded('a')), takenDown('a'), recorded('b')).then(rows({ development: 'b' })));

  test('are cut at the longest text', () => {
    const [longest, longer] = [cut(['y'.repeat(longestText)]), cut(['y'.repeat(longestText - 1), 'x'])];
    expect([longest.length, longer.length, longer.endsWith('\n')]).toEqual([longestText, longestText, true]);
    expect(cut(['y'.repeat(longestText - 2), 'x']).endsWith('\nx')).toBe(true);
    expect(cut([`${'y'.repeat(longestText - 1)}😀`]).isWellFormed()).toBe(true);
  });
});

test.each([
  ['en', 'english'],
  ['en-GB', 'english'],
  ['nb', 'norwegian'],
  ['NN-no', 'norwegian'],
  ['de_AT', 'german'],
  ['ja', 'simple'],
  ['constructor', 'simple'],
  ['English', 'simple'],
  [null, 'simple'],
])('a story in %s is searched by the rules for %s', (language, config) => {
  expect(configurationOf(language)).toBe(config);
  expect(configurations).toContain(config);
});
