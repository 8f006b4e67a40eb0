import { Content, filledIn, NewContent } from '#domain';
import { kindShapes } from '#pages';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { catalogueForForms } from '../../apps/editor-api/src/reads/catalogue.js';
import type { Catalogue } from '../../apps/desk/src/contracts.js';
import { contentIn } from '../../apps/desk/src/drafts.js';
import { at, filledIn as filled, type Value } from '../../apps/desk/src/form-model/values.js';
import { plainKind, standardDefaults } from '../../apps/desk/src/kind/defaults.js';
import { isWorthKeeping, ofKind, quoting, type Written } from '../../apps/desk/src/kind/kind-change.js';
import { quotationIn } from '../../apps/desk/src/kind/triggers.js';

const shapes = {
  catalogue: catalogueForForms() as unknown as Catalogue,
  kinds: kindShapes,
  defaults: standardDefaults,
};
const names = shapes.catalogue.kinds.map(({ kind }) => kind);
const plain = (content: object = {}): Written => ({ value: { content: { kind: plainKind, ...content } } });
const content = ({ value }: Written) => filled(at(value, ['content']));

describe('changing the kind of a draft', () => {
  test('changing to other kinds and back loses nothing', () =>
    fc.assert(
      fc.property(
        fc.record({
          body: fc.string(),
          headline: fc.string(),
          occurred: fc.constantFrom(undefined, { precision: 'day', from: '2026-01-31T00:00:00Z' }),
          sourcing: fc.constantFrom(undefined, { basis: 'official', standing: 'hinted' }),
          modality: fc.constantFrom(undefined, { mode: 'planned' }, { mode: 'denied' }),
        }),
        fc.array(fc.constantFrom(...names), { maxLength: 6 }),
        (typed, path) => {
          const start = plain(typed as object);
          const away = path.reduce<Written>((written, kind) => ofKind(written, kind, shapes), start);
          expect(content(ofKind(away, plainKind, shapes))).toEqual(content(start));
        },
      ),
    ));

  test('the text, the headline and the time stay in every kind', () => {
    const typed = { body: 'Rain.', headline: 'Weather', occurred: { precision: 'unknown' } };
    for (const kind of names) expect(content(ofKind(plain(typed), kind, shapes))).toMatchObject({ kind, ...typed });
  });

  test('going back to a kind restores its own fields', () => {
    const arrival = ofKind(plain(), 'arrival', shapes);
    const filledIn: Written = {
      ...arrival,
      value: {
        content: { ...(at(arrival.value, ['content']) as object), data: { actors: ['ada'], means: 'by train' } },
      },
    };
    const result = ofKind(filledIn, 'result', shapes);
    expect(content(result)).toEqual({ kind: 'result' });
    expect(isWorthKeeping(result.left)).toBe(true);
    expect(content(ofKind(result, 'arrival', shapes))).toMatchObject({ data: { actors: ['ada'], means: 'by train' } });
  });

  test('a condition is added only for a kind that requires one', () => {
    const scenario = ofKind(plain(), 'scenario', shapes);
    expect(at(scenario.value, ['content', 'modality', 'mode'])).toBe('conditional');
    expect(content(ofKind(scenario, plainKind, shapes))).toEqual({ kind: plainKind });
  });
});

describe('a quotation in a draft', () => {
  const text = 'Mayor Lena Brandt: "We will not wait."';
  const quoted = quoting(plain({ body: text }), quotationIn(text), 'lena-brandt', shapes);

  test('its words and a known speaker are put into the form of a statement', () =>
    expect(content(quoted)).toEqual({
      kind: 'statement',
      data: { quote: 'We will not wait.', speaker: 'lena-brandt' },
    }));

  test('an unknown speaker stays in the text', () => {
    const found = quotationIn(`It is over. ${text} At nine.`);
    expect(content(quoting(plain({ body: text }), found, undefined, shapes))).toMatchObject({
      data: { quote: 'We will not wait.' },
      body: 'It is over. Mayor Lena Brandt: At nine.',
    });
  });

  test('changing back to an update restores the text as it was typed', () =>
    expect(content(ofKind(quoted, plainKind, shapes))).toEqual({ kind: plainKind, body: text }));

  test('words typed in the form stay in the text of another kind', () => {
    const opened = quoting(plain({ body: 'Brandt: "' }), quotationIn('Brandt: "'), undefined, shapes);
    const data = { ...(at(opened.value, ['content', 'data']) as object), quote: 'Never' };
    const typed: Written = { ...opened, value: { content: { ...(at(opened.value, ['content']) as object), data } } };
    expect(content(ofKind(typed, plainKind, shapes))).toMatchObject({ body: 'Brandt: "Never"' });
  });
});

describe('a plain update', () => {
  test('only its text is sent, and the server fills in the defaults that the desk shows', () => {
    const sent = contentIn(at(plain({ body: 'Rain.' }).value, ['content']), true) as object;
    expect(sent).toEqual({ kind: plainKind, data: {}, body: 'Rain.' });
    const recorded: Value = filledIn(NewContent.parse(sent)) as unknown as Value;
    expect(Content.safeParse(recorded).success).toBe(true);
    expect(recorded).toMatchObject({ ...standardDefaults, occurred: { precision: 'unknown' } } as object);
  });
});
