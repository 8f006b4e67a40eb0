import type { Content, OpenEvent } from '#domain';
import { describe, test } from '@jest/globals';
import {
  at,
  classified,
  corrected,
  givenFor,
  ofActor,
  opened,
  plain,
  recorded,
  retracted,
  said,
  withForgottenPayload,
} from '../given.fixture.js';
import { actorState } from './projection.js';

const given = givenFor(actorState);
const on = (type: OpenEvent['type'], data: object) => ({ type, data }) as OpenEvent;
const citations = (...rows: object[]) => ({ actor_citation: rows as Record<string, unknown>[] });
const marks = (...rows: object[]) => ({ actor_mark: rows as Record<string, unknown>[] });
const stances = (issue: string, ...actors: string[]): Content => ({
  ...said('Positions.'),
  kind: 'position',
  data: { issue, positions: actors.map(actor => ({ actor, stance: 'For.' })) },
});
const held = (actor: string) => ({ facet: 'position', key: 'fee', actor });

describe('what is known of actors', () => {
  test('a development gets one citation row, and a row for each of its marks', () => {
    const content = stances('fee', 'mayor', 'harbour');
    const { kind, headline, occurred, sourcing, modality } = content;
    const fields = { kind, headline, occurred, sourcing, standing: 'reported', modality };
    given(opened(), [on('StoryReopened', {}), recorded('a', content)]).then({
      actor_citation: [
        { story: 'storm', development: 'a', position: 2, ordinal: 1, recorded: at(2), ...fields, status: 'active' },
      ],
      actor_mark: [
        { story: 'storm', development: 'a', mark: 0, ...held('mayor'), value: { issue: 'fee', stance: 'For.' } },
        { story: 'storm', development: 'a', mark: 1, ...held('harbour'), value: { issue: 'fee', stance: 'For.' } },
      ],
    });
  });

  test('a mark without a key gets its development as key, and so a cell of its own', () => {
    given(recorded('a')).then(marks({ facet: 'statement', key: 'a', value: { quote: 'a' } }));
  });

  test('an actor that is only named as source gets a mention', () => {
    const sourcing = { basis: 'on-record', standing: 'reported', actor: 'harbour' } as const;
    given(recorded('a', said('So.', { sourcing }))).then(
      marks({ actor: 'mayor', facet: 'statement' }, { actor: 'harbour', facet: 'mention', value: { as: 'source' } }),
    );
    given(recorded('a', said('So.', { sourcing: { ...sourcing, actor: 'mayor' } }))).then(
      marks({ facet: 'statement' }),
    );
  });

  test('a correction replaces the marks and keeps the place of the recording', () => {
    given(recorded('a', stances('fee', 'mayor', 'harbour', 'port')), corrected('a', stances('fee', 'port'))).then({
      actor_citation: [{ position: 1, recorded: at(1), status: 'active' }],
      actor_mark: [{ mark: 0, actor: 'port' }],
    });
    given(recorded('a', stances('fee', 'mayor')), corrected('a', stances('fee', 'port', 'harbour'))).then(
      marks({ mark: 0, actor: 'port' }, { mark: 1, actor: 'harbour' }),
    );
  });

  test('a classification replaces the marks, and keeps the headline and place of the plain update', () => {
    const update = plain('She is here.', { sourcing: { basis: 'official', standing: 'reported', actor: 'port' } });
    const told = { kind: 'arrival', data: { actors: ['mayor'], place: 'Harbour' } };
    given(recorded('a', update), classified('a', update, told)).then({
      actor_citation: [{ position: 1, kind: 'arrival', headline: 'She is here.', recorded: at(1), status: 'active' }],
      actor_mark: [
        { mark: 0, actor: 'mayor', facet: 'presence' },
        { mark: 1, actor: 'port', facet: 'mention', value: { as: 'source' } },
      ],
    });
    given(withForgottenPayload(recorded('a', update)), withForgottenPayload(classified('a', update, told))).then({
      actor_citation: [],
      actor_mark: [],
    });
  });

  test('a retraction removes exactly the rows of its development', () => {
    given(
      [recorded('a', stances('fee', 'mayor', 'port')), recorded('b', stances('fee', 'mayor'))],
      retracted('a'),
    ).then({
      actor_citation: [{ development: 'b' }],
      actor_mark: [{ development: 'b', mark: 0, actor: 'mayor' }],
    });
  });

  test('a superseded development is marked as such, and active again when its successor is retracted', () => {
    const superseded = on('DevelopmentSuperseded', { development: 'a', by: 'b' });
    const again = [retracted('b'), on('DevelopmentReinstated', { development: 'a', retracted: 'b' })];
    given(recorded('a'), [recorded('b'), superseded]).then({
      actor_citation: [
        { development: 'a', status: 'superseded' },
        { development: 'b', status: 'active' },
      ],
      actor_mark: [{ development: 'a' }, { development: 'b' }],
    });
    given(recorded('a'), [recorded('b'), superseded], again).then({
      actor_citation: [{ development: 'a', status: 'active', position: 1 }],
      actor_mark: [{ development: 'a' }],
    });
  });

  test("the standing comes from the last check, or from a correction that changes the sourcing's standing", () => {
    const verified = on('DevelopmentVerified', { development: 'a', told: { note: 'Seen.' } });
    const disputed = on('DevelopmentDisputed', { development: 'a', told: { reason: 'Seen otherwise.' } });
    const { sourcing } = said('a');
    given(recorded('a'), verified).then(citations({ standing: 'confirmed', sourcing }));
    given(recorded('a'), verified, disputed).then(citations({ standing: 'disputed', sourcing }));
    given(recorded('a'), disputed, corrected('a', said('b'))).then(citations({ standing: 'disputed' }));
    const hinted = { ...said('b'), sourcing: { ...said('b').sourcing, standing: 'hinted' as const } };
    given(recorded('a'), disputed, corrected('a', hinted)).then(citations({ standing: 'hinted' }));
  });

  test.each([
    on('DevelopmentPinned', { development: 'a' }),
    on('DevelopmentUnpinned', { development: 'a' }),
    on('DevelopmentMarkedKey', { development: 'a' }),
    on('DevelopmentUnmarkedKey', { development: 'a' }),
    on('ConditionSettled', { condition: 'calm', fate: 'met', reason: 'Flat.', development: 'a' }),
    on('StoryClosed', {}),
  ])('$type changes no row', event => {
    given(recorded('a'), event).then({
      actor_citation: [{ position: 1, status: 'active' }],
      actor_mark: [{ mark: 0 }],
    });
  });

  test('events of the registry and of unknown developments are ignored', () => {
    given(ofActor('mayor', recorded('a')), corrected('b', said('So.')), retracted('c')).then({
      actor_citation: [],
      actor_mark: [],
    });
  });
});
