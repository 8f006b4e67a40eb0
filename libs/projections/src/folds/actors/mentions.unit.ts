import { describe, test } from '@jest/globals';
import {
  classified,
  corrected,
  embargoed,
  givenFor,
  lifted,
  opened,
  plain,
  recorded,
  retracted,
  said,
  takenDown,
  withForgottenPayload,
} from '../given.fixture.js';
import { actors } from './projection.js';

const given = givenFor(actors);
const by = (speaker: string) => said('No.', { data: { speaker, quote: 'No.' } });

describe('who is named by what readers may read', () => {
  test('a development names its actors from its recording on', () =>
    given(opened(), recorded('a', by('mayor'))).then({
      actor_mention: [{ story: 'storm', development: 'a', actor: 'mayor', position: 2 }],
    }));

  test('a correction adds those whom it names, and those of the former content stay', () =>
    given(opened(), recorded('a', by('mayor')), corrected('a', by('harbour')), corrected('a', by('mayor'))).then({
      actor_mention: [
        { actor: 'harbour', position: 3 },
        { actor: 'mayor', position: 2 },
      ],
    }));

  test('a classification names actors, and so does what was retracted', () => {
    const update = plain('The mayor is here.');
    const told = { kind: 'arrival', data: { actors: ['mayor'], place: 'Oslo' } };
    given(opened(), recorded('a', update), classified('a', update, told), retracted('a')).then({
      actor_mention: [{ actor: 'mayor', position: 3 }],
    });
  });

  test('under embargo nobody is named; the lift names those of the content as it is by then', () => {
    given(opened(), embargoed('a', by('mayor'))).then({ actor_mention: [] });
    given(opened(), embargoed('a', by('mayor')), corrected('a', by('harbour')), lifted('a')).then({
      actor_mention: [{ actor: 'harbour', position: 4 }],
    });
  });

  test('what was taken down names nobody', () =>
    given(opened(), withForgottenPayload(recorded('a', by('mayor'))), takenDown('a')).then({ actor_mention: [] }));
});
