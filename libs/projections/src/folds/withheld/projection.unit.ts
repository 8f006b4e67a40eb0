import type { OpenEvent } from '#domain';
import { describe, test } from '@jest/globals';
import { actorState } from '../actor-state/projection.js';
import {
  act,
  at,
  by,
  corrected,
  embargoed,
  givenFor,
  givenStory,
  lifted,
  onCondition,
  opened,
  recorded,
  retracted,
  said,
  takenDown,
  withForgottenPayload,
} from '../given.fixture.js';
import { timeline } from '../timeline/projection.js';
import { withheld } from './projection.js';

const desk = givenFor(withheld);
const readers = givenFor(timeline);
const about = (type: OpenEvent['type'], development: string, more: object = {}) =>
  ({ type, data: { development, ...more } }) as OpenEvent;
const noon = '2026-01-01T12:00:00.000Z';
const link = { to: 'a', as: 'answers' } as const;

describe('a development under embargo', () => {
  test('a development under embargo is only in the table of withheld developments', () => {
    const steps = [opened(), recorded('a'), embargoed('b', said('Yes.', onCondition('calm', 'it calms')), noon)];
    desk(...steps).then({
      withheld: [{ development: 'b', position: 3, recorded: at(3), by, until: noon, retracted: false }],
    });
    readers(...steps).then({ timeline: [{ development: 'a' }], timeline_change: [{ position: 1 }, { position: 2 }] });
    givenStory(...steps).then({ developments: 1, position: 2, recorded: at(2), conditions: {} });
    givenFor(actorState)(...steps).then({ actor_citation: [{ development: 'a' }], actor_mark: [{ development: 'a' }] });
  });

  test("the withheld row has the development's current content, standing, marks and links", () => {
    const steps = [
      opened(),
      recorded('a'),
      embargoed('b'),
      about('DevelopmentVerified', 'b', { told: { note: 'Seen.' } }),
      corrected('b', said('No.')),
      about('DevelopmentMarkedKey', 'b'),
      about('DevelopmentLinked', 'b', link),
      about('EmbargoChanged', 'b', { until: noon }),
    ];
    desk(...steps).then({
      withheld: [
        { development: 'b', content: said('No.'), standing: 'confirmed', key: true, links: [link], until: noon },
      ],
    });
    const undone = [
      about('DevelopmentDisputed', 'b', { told: { reason: 'Who?' } }),
      about('DevelopmentUnmarkedKey', 'b'),
      about('DevelopmentUnlinked', 'b', link),
      about('EmbargoChanged', 'b'),
    ];
    desk(...steps, ...undone).then({
      withheld: [{ development: 'b', standing: 'disputed', key: false, links: [], until: null }],
    });
  });

  test("a lifted development appears at the lift's position, in its current state and with its recording time", () => {
    const steps = [
      opened(),
      embargoed('b'),
      recorded('a'),
      about('DevelopmentVerified', 'b', { told: { note: 'Seen.' } }),
      corrected('b', said('No.', onCondition('calm', 'it calms'))),
      about('DevelopmentMarkedKey', 'b'),
      about('DevelopmentLinked', 'b', link),
      lifted('b'),
    ];
    const entry = { development: 'b', position: 8, ordinal: 0, changed: 8, headline: 'Mayor: No.', recorded: at(2) };
    const standing = { standing: 'confirmed', checks: [], corrections: [], key: true, links: [link], lifted: act(8) };
    readers(...steps).then({
      timeline: [
        { development: 'a', position: 3, lifted: null },
        { ...entry, ...standing },
      ],
    });
    givenStory(...steps).then({ developments: 2, position: 8, recorded: at(8) });
    givenFor(actorState)(...steps).then({
      actor_citation: [
        { development: 'a', position: 3 },
        { development: 'b', position: 8, recorded: at(2), standing: 'confirmed', status: 'active' },
      ],
    });
    desk(...steps).then({ withheld: [] });
  });

  test('open pages get a change when it is lifted, and none before', () => {
    readers(
      opened(),
      embargoed('b'),
      about('DevelopmentMarkedKey', 'b'),
      lifted('b'),
      corrected('b', said('No.')),
    ).then({
      timeline_change: [
        { position: 1, acts: [{ act: 'StoryOpened' }] },
        { position: 4, acts: [{ act: 'EmbargoLifted', development: 'b' }] },
        { position: 5, acts: [{ act: 'DevelopmentCorrected', development: 'b' }] },
      ],
      timeline: [{ development: 'b', position: 4, changed: 5, headline: 'Mayor: No.' }],
    });
  });

  test('a development that is retracted before its lift is never shown', () => {
    const steps = [opened(), embargoed('b'), retracted('b'), lifted('b')];
    desk(...steps).then({ withheld: [{ development: 'b', retracted: true }] });
    readers(...steps).then({ timeline: [], timeline_change: [{ position: 1 }] });
    givenStory(...steps).then({ developments: 0 });
  });
});

describe('a development that was taken down under embargo', () => {
  const [first, second] = embargoed('b');
  const steps = [opened(), [withForgottenPayload(first!), second!], takenDown('b'), lifted('b')];

  test('editors see the ground of its takedown, and readers never see it', () => {
    const takedown = { ground: 'legal', position: 3, recorded: at(3) };
    desk(...steps.slice(0, 3)).then({ withheld: [{ development: 'b', content: null, takedown }] });
    readers(...steps).then({ timeline: [], timeline_change: [{ position: 1 }] });
    givenStory(...steps).then({ developments: 0, shredded: 0 });
  });

  test('a takedown after the lift leaves a placeholder', () =>
    readers(...steps.slice(0, 2), lifted('b'), takenDown('b')).then({
      timeline: [
        {
          development: 'b',
          status: 'taken-down',
          lifted: act(3),
          takedown: { ground: 'legal', position: 4, recorded: at(4) },
        },
      ],
    }));
});

describe('links', () => {
  test('a link is in the entry that it was added to, until it is removed', () => {
    const steps = [opened(), recorded('a'), recorded('b'), about('DevelopmentLinked', 'b', link)];
    readers(...steps).then({
      timeline: [
        { development: 'a', links: [], changed: 2 },
        { development: 'b', links: [link], changed: 4 },
      ],
    });
    readers(...steps, about('DevelopmentUnlinked', 'b', link)).then({
      timeline: [{ development: 'a' }, { development: 'b', links: [], changed: 5 }],
    });
  });
});
