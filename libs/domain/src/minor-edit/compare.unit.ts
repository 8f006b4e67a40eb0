import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mostSlips, notMinor, type Meaning } from './compare.js';
import { anyText } from '../../../../test/harness/any-text.js';

type Case = [language: string, before: string, after: string];

// Each is minor in both directions.
const minor: Case[] = [
  ['en', 'The goverment has resigned.', 'The government has resigned.'],
  ['en', 'They recieve the letters on Monday.', 'They receive the letters on Monday.'],
  ['en', 'Teh mayor is here.', 'The mayor is here.'],
  ['en', 'The bus is definately late.', 'The bus is definitely late.'],
  ['en', 'She lives their, in thier house', 'She lives their, in their house'],
  ['en', 'Its doors are shut.', 'It’s doors are shut.'],
  ['en', 'The talks have ended, and the delegation left', 'The talks have ended and the delegation left.'],
  ['en', 'A officer spoke.', 'An officer spoke.'],
  ['en', 'He went to the the station.', 'He went to the station.'],
  ['en', 'Officials agreed meet in Anchorage.', 'Officials agreed to meet in Anchorage.'],
  ['en', 'Police searched alot of houses.', 'Police searched a lot of houses.'],
  ['en', 'Crowds gather in berlin.', 'Crowds gather in Berlin.'],
  ['en', 'It was "fine", she said.', 'It was “fine”, she said.'],
  ['en', 'Turnout was 54 % at noon.', 'Turnout was 54% at noon.'],
  ['en', 'The streets is empty.', 'The streets are empty.'],
  ['en', 'Trump Trump has landed.', 'Trump has landed.'],
  ['en', 'The *agreement* is signed.', 'The agreement is signed.'],
  ['en', 'Two planes has landed.\nMore follow.', 'Two planes have landed.\n\nMore follow.'],
  ['en', 'They co-operate with the ministry.', 'They cooperate with the ministry.'],
  ['en', 'The cafe is open.', 'The café is open.'],
  ['de', 'Die Regierugn tritt zurück.', 'Die Regierung tritt zurück.'],
  ['de', 'Der Minister sagt, das er bleibt.', 'Der Minister sagt, dass er bleibt.'],
  ['de', 'Die Verhandlungen beginen heute.', 'Die Verhandlungen beginnen heute.'],
  ['de', 'Sie spricht seid Stunden mit dem Kanzler.', 'Sie spricht seit Stunden mit dem Kanzler.'],
  ['fr', 'Le président est arrive à la mairie.', 'Le président est arrivé à la mairie.'],
  ['fr', 'Le gouvernment se réunit.', 'Le gouvernement se réunit.'],
  ['es', 'El presidente esta en el palacio.', 'El presidente está en el palacio.'],
  ['ru', 'Президент прибыл с встречу министров.', 'Президент прибыл со встречу министров.'],
  ['ru', 'Переговоры закончлись поздно вечером.', 'Переговоры закончились поздно вечером.'],
  ['uk', 'Переговори закінчилсь пізно ввечері.', 'Переговори закінчились пізно ввечері.'],
  ['ar', 'وصل الوفد إلى القصر', 'وصل الوفد إلى القصر.'],
];

// Each is refused in both directions.
const more: [...Case, Meaning[]][] = [
  ['en', 'Merkel spoke with Biden.', 'Merkl spoke with Biden.', ['name']],
  ['en', 'Talks with Iran go on.', 'Talks with Iraq go on.', ['name']],
  ['en', 'Iran agrees to talks.', 'Iraq agrees to talks.', ['name']],
  ['en', 'They told US about it.', 'They told us about it.', ['name', 'person']],
  ['en', 'Anna Schmidt resigned.', 'Anna Schmitt resigned.', ['name']],
  ['en', 'The mayor of Oslo said so.', 'The mayor said so.', ['name', 'word']],
  ['en', 'Police found 12 bodies.', 'Police found 13 bodies.', ['number']],
  ['en', 'Police found twelve bodies.', 'Police found twenty bodies.', ['number']],
  ['en', 'It costs 3 million.', 'It costs 3 billion.', ['number']],
  ['en', 'It costs 1,000 euros.', 'It costs 1.000 euros.', ['number']],
  ['en', 'It fell by 5%.', 'It fell by 5 percent.', ['sign', 'number']],
  ['en', 'It costs €5.', 'It costs $5.', ['sign']],
  ['en', 'They meet at 14:07.', 'They meet at 14:01.', ['number']],
  ['en', 'They meet on 2026-03-01.', 'They meet on 2026-03-02.', ['number']],
  ['en', 'They meet on Monday.', 'They meet on Sunday.', ['name']],
  ['en', 'They will meet today.', 'They will meet tomorrow.', ['date']],
  ['en', 'It is 10 km away.', 'It is 10 m away.', ['word']],
  ['en', 'The temperature is -5 degrees.', 'The temperature is 5 degrees.', ['number']],
  ['en', 'He is guilty.', 'He is not guilty.', ['denial']],
  ['en', 'They can leave.', 'They can’t leave.', ['denial', 'word']],
  ['en', 'They are not able to vote.', 'They are notable to vote.', ['denial']],
  ['en', 'There was no talk on it.', 'There was on talk on it.', ['denial']],
  ['en', 'The vote is legal.', 'The vote is illegal.', ['word']],
  ['en', 'Prices increase.', 'Prices decrease.', ['word']],
  ['en', 'Prices rose again.', 'Prices rise again.', ['word']],
  ['en', 'Troops move north.', 'Troops move south.', ['word']],
  ['en', 'The party won.', 'The party lost.', ['word']],
  ['en', 'He allegedly stole it.', 'He stole it.', ['word']],
  ['en', 'She stole it.', 'He stole it.', ['person']],
  ['en', 'He resigned.', 'He resigned?', ['sign']],
  ['en', 'The mayor said: “We will go.”', 'The mayor said: “We will not go.”', ['quote']],
  ['en', 'The mayor said: “We wil go.”', 'The mayor said: “We will go.”', ['quote']],
  ['en', 'The mayor said: "We go."', 'The mayor said: We go.', ['quote', 'person']],
  ['en', 'Said the mayor:\n\n> We go.', 'Said the mayor:\n\n> We went.', ['quote']],
  ['en', '‘It’s over,’ said the aide.', '‘It’s not over,’ said the aide.', ['quote']],
  ['en', 'See [the report](https://a.example/1).', 'See [the report](https://a.example/2).', ['link']],
  ['en', 'See the report.', 'See [the report](https://a.example/2).', ['link']],
  ['en', 'The talks ended.', 'The talks ended. Both sides were content with them.', ['number', 'word', 'name']],
  ['de', 'Er spricht mit dem Iran.', 'Er spricht mit dem Irak.', ['name']],
  ['de', 'Der Bürgermeister Schmidt kommt.', 'Der Bürgermeister Schmitt kommt.', ['name']],
  ['de', 'Der Angeklagte ist schuldig.', 'Der Angeklagte ist nicht schuldig.', ['denial']],
  ['de', 'Sie haben eine Einigung.', 'Sie haben keine Einigung.', ['denial', 'number']],
  ['de', 'Es gab drei Verletzte.', 'Es gab zwei Verletzte.', ['number']],
  ['de', 'Sie rief: „Wir gehen.“', 'Sie rief: „Wir stehen.“', ['quote']],
  ['fr', 'Le ministre vient.', 'Le ministre ne vient pas.', ['denial']],
  ['fr', 'Elle dit : « Oui ».', 'Elle dit : « Non ».', ['quote']],
  ['ru', 'Путин прилетел в Анкоридж.', 'Путин не прилетел в Анкоридж.', ['denial']],
  ['ru', 'Путин прилетел в Анкоридж.', 'Трамп прилетел в Анкоридж.', ['name']],
  ['ru', 'Погибли пять человек.', 'Погибли шесть человек.', ['number']],
  ['uk', 'Зеленський прибув у Київ.', 'Зеленский прибув у Київ.', ['name']],
  ['ar', 'وصل الوفد إلى القصر', 'وصل الوفد إلى القصور', ['name']],
  ['ja', '首相が到着した。', '首相は到着した。', ['name']],
];

describe('an edit is minor', () => {
  test.each(minor)('%s: %s → %s', (language, before, after) => {
    expect(notMinor(before, after, { language })).toBeUndefined();
    expect(notMinor(after, before, { language })).toBeUndefined();
  });
});

describe('an edit is more than minor', () => {
  test.each(more)('%s: %s → %s', (language, before, after, meanings) => {
    for (const fault of [notMinor(before, after, { language }), notMinor(after, before, { language })])
      expect({ allowed: meanings, meaning: fault?.meaning, in: meanings.includes(fault?.meaning as Meaning) }).toEqual({
        allowed: meanings,
        meaning: fault?.meaning,
        in: true,
      });
  });

  test('names the word', () => {
    expect(notMinor('Talks with Iran go on.', 'Talks with Iraq go on.')).toEqual({ meaning: 'name', word: 'Iran' });
    expect(notMinor('They left at 14:07.', 'They left at 14:08.')).toEqual({ meaning: 'number', word: '14:07' });
    expect(notMinor('The party won.', 'The party lost.')).toEqual({ meaning: 'word', word: 'won' });
  });

  test('where it mends more than so many slips', () => {
    const words = (slip: string, count: number) =>
      Array.from({ length: count }, () => `${slip} and so it goes`).join(' ');
    expect(notMinor(words('goverment', mostSlips), words('government', mostSlips))).toBeUndefined();
    expect(notMinor(words('goverment', mostSlips + 1), words('government', mostSlips + 1))?.meaning).toBe('amount');
  });
});

describe('light words', () => {
  const light = fc.constantFrom('the', 'a', 'of', 'to');
  const some = fc.array(light, { maxLength: 2 * mostSlips });
  const between = (words: readonly string[]) => ['They', ...words, 'spoke'].join(' ');

  test('may come and go at one place while they are no more than the most slips, and never beyond', () =>
    void fc.assert(
      fc.property(some, some, (were, are) => {
        const fault = notMinor(between(were), between(are));
        if (Math.max(were.length, are.length) < mostSlips) expect(fault).toBeUndefined();
        if (Math.abs(were.length - are.length) > mostSlips) expect(fault?.meaning).toBe('amount');
      }),
    ));

  test('of two long texts are compared in a moment', () => {
    const begun = performance.now();
    expect(notMinor(`${'a '.repeat(20_000)}cat`, `${'the '.repeat(20_000)}dog`)).toEqual({
      meaning: 'amount',
      word: 'the',
    });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('a dead link', () => {
  const deadLinks = ['https://a.example/old'];
  const old = 'See [the report](https://a.example/old) of the office.';
  test.each([
    ['leads elsewhere', 'See [the report](https://a.example/new) of the office.'],
    ['is left out', 'See the report of the office.'],
  ])('%s, where it is said to be dead', (_, after) => {
    expect(notMinor(old, after, { deadLinks })).toBeUndefined();
    expect(notMinor(old, after)).toEqual({ meaning: 'link', word: 'https://a.example/old' });
    expect(notMinor(old, after, { deadLinks: ['https://a.example/other'] })?.meaning).toBe('link');
  });
  test('makes no room for another link', () =>
    expect(notMinor(old, `${old} And [more](https://b.example).`, { deadLinks })?.meaning).toBe('link'));
});

describe('a comparison', () => {
  const word = fc.constantFrom(
    ...[
      'the',
      'mayor',
      'has',
      'spoken',
      'Oslo',
      'Berlin',
      'not',
      'no',
      '12',
      '3.5 %',
      '“Yes.”',
      'government',
      'talks',
      'three',
    ],
  );
  const text = fc.array(word, { maxLength: 14 }).map(words => words.join(' '));
  const wild = fc.oneof(text, anyText({ maxLength: 60 }), fc.string({ maxLength: 60 }));

  test('finds nothing where nothing but spaces differs', () =>
    void fc.assert(fc.property(wild, held => expect(notMinor(held, held)).toBeUndefined())));

  test('of any two texts ends, and lets no number, quote, denial or name come or go', () => {
    const facts = (held: string) =>
      [/\d+/g, /“[^”]*”/g, /\b(?:not?|three)\b/g, /\b(?:Oslo|Berlin)\b/g].map(fact => held.match(fact)?.join() ?? '');
    fc.assert(
      fc.property(wild, wild, (before, after) => {
        if (!notMinor(before, after)) expect(facts(after)).toEqual(facts(before));
      }),
      { numRuns: 2_000 },
    );
  });

  const insertion = fc.constantFrom('not', 'never', '7', 'Paris', 'he', '“No.”', '?', 'allegedly', 'nicht', 'не');
  test('refuses a denial, a number, a name, a person, a quote or another word anywhere', () =>
    void fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 14 }), fc.nat(), insertion, (words, at, one) => {
        const changed = words.toSpliced(at % (words.length + 1), 0, one);
        expect(notMinor(words.join(' '), changed.join(' '))).toBeDefined();
        expect(notMinor(changed.join(' '), words.join(' '))).toBeDefined();
      }),
      { numRuns: 1_000 },
    ));

  test('refuses a changed number, whatever it was', () =>
    void fc.assert(
      fc.property(fc.integer(), fc.integer(), text, (one, other, rest) => {
        fc.pre(one !== other);
        expect(notMinor(`It is ${one} now. ${rest}`, `It is ${other} now. ${rest}`)?.meaning).toBe('number');
      }),
    ));

  test.each(['“', '"', '](', "'a ", '‹', '[\n', '<http:', ' . ', '1,', '-', '\u200d', 'the ', '«', 'no '])(
    'of long texts of %j ends',
    part => {
      const long = part.repeat(Math.ceil(50_000 / part.length));
      expect(notMinor(long, `${long} allegedly`)).toBeDefined();
    },
  );
});
