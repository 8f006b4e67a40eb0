import { describe, expect, test } from '@jest/globals';
import { emptyDirectory, evolveDirectory } from './actor/directory.js';
import { closed } from './bidi.js';
import { actorsOf, Content } from './content.js';
import { headlineLimit } from './developments/kind.js';
import { isRefusal } from './errors.js';
import { resolveContent } from './resolve.js';

const names: Record<string, string[]> = {
  ada: ['Ada Quist', 'Kvist'],
  ben: ['Ben Ode', 'Minister'],
  zoe: ['Zoe Lind', 'Minister'],
};
const directory = Object.entries(names).reduce(
  (all, [id, [name, ...aliases]]) =>
    evolveDirectory(all, id, {
      type: 'ActorRegistered',
      data: { name: name!, kind: 'person', aliases, affiliations: [] },
    }),
  emptyDirectory,
);

const meeting = (participants: string[], more: object = {}) =>
  Content.parse({
    kind: 'meeting-scheduled',
    data: { meeting: 'talks', participants, format: 'one-on-one' },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'on-record', standing: 'confirmed', actor: 'kvist' },
    modality: { mode: 'asserted' },
    ...more,
  });
const resolve = (content: Content) => resolveContent(content, directory, ['content']);

describe('resolving new content', () => {
  test("names of actors and of the source become ids, and the headline has the actors' names", () => {
    const resolved = resolve(meeting(['Kvist', 'Ben Ode']));
    expect(resolved).toMatchObject({
      data: { participants: ['ada', 'ben'] },
      sourcing: { actor: 'ada' },
      headline: expect.stringMatching(/Ada Quist and Ben Ode/),
    });
    expect(actorsOf(resolved as Content)).toEqual(['ada', 'ben']);
  });

  test("the headline has the quotation marks of the story's language, or English ones", () => {
    const said = Content.parse({
      ...meeting(['ada']),
      kind: 'statement',
      data: { speaker: 'ada', quote: 'Wir bleiben.' },
    });
    const headline = (language?: string) => (resolveContent(said, directory, [], language) as Content).headline;
    expect(['de-AT', 'fr', 'en', undefined, 'tlh'].map(headline)).toEqual([
      'Ada Quist: „Wir bleiben.“',
      'Ada Quist: « Wir bleiben. »',
      ...Array(3).fill('Ada Quist: “Wir bleiben.”'),
    ]);
  });

  test('a text direction that a field opens in a generated headline ends where the field ends', () => {
    const rlo = '\u202e';
    const content = Content.parse({
      ...meeting(['ada']),
      kind: 'departure',
      data: { actors: ['ada'], place: `port ${rlo}a`, to: `${rlo}b`.padEnd(200, rlo) },
    });
    const { headline } = resolve(content) as Content;
    expect(headline).toMatch(/^\u2068Port \u202ea\u202c\u2069: departure of Ada Quist, bound for /);
    expect(closed(headline!)).toBe(headline);
    expect(headline!.length).toBeLessThanOrEqual(headlineLimit);
  });

  test('a headline that the editor wrote is kept', () =>
    expect(resolve(meeting(['ada'], { headline: 'They meet' }))).toMatchObject({ headline: 'They meet' }));

  test('the first name that matches no actor or several is refused, with its path in the command', () => {
    expect(resolve(meeting(['ada', 'Minister', 'Nobody']))).toMatchObject({
      refused: 'ambiguous-actor',
      allowed: ['ben', 'zoe'],
      path: ['content', 'data', 'participants', 1],
    });
    const source = { basis: 'on-record', standing: 'confirmed', actor: 'Nobody' };
    expect(resolve(meeting(['ada'], { sourcing: source }))).toMatchObject({
      refused: 'unknown-actor',
      path: ['content', 'sourcing', 'actor'],
    });
  });

  test('resolved content passes the schema of recorded content, even with many very long names', () => {
    const crowd = Array.from({ length: 50 }, (_, n) => `p${n}`);
    const long = crowd.reduce(
      (all, id) =>
        evolveDirectory(all, id, {
          type: 'ActorRegistered',
          data: { name: `${id} ${'😀'.repeat(90)}`, kind: 'person', aliases: [], affiliations: [] },
        }),
      directory,
    );
    const resolved = resolveContent(meeting(crowd), long, []);
    expect(isRefusal(resolved)).toBe(false);
    expect(Content.parse(resolved)).toEqual(resolved);
  });

  test('the headline says that content is planned, conditional or denied', () => {
    const headline = (modality: object) => (resolve(meeting(['ada'], { modality })) as Content).headline;
    expect(headline({ mode: 'planned' })).toMatch(/^Planned: /);
    expect(headline({ mode: 'conditional', conditions: [{ id: 'rain', text: 'it rains' }] })).toMatch(/^If it rains: /);
    expect(headline({ mode: 'denied' })).toMatch(/^Denied: /);
  });
});
