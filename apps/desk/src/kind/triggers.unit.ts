import { describe, expect, test } from '@jest/globals';
import { quotationIn, speakerIn, triggerAt } from './triggers.js';

const kinds = [
  { id: 'arrival', label: 'Arrival' },
  { id: 'result', label: 'Result' },
  { id: 'meeting-scheduled', label: 'Meeting scheduled' },
];
const after = (typed: string, rest = '') => triggerAt(typed + rest, typed.length, kinds);

describe('what typed text makes the desk offer', () => {
  test.each([
    ['@', 0, ''],
    ['Then @Len', 5, 'Len'],
    ['(@Lena Br', 1, 'Lena Br'],
  ])('actors are offered after @: %s', (typed, from, name) =>
    expect(after(typed)).toEqual({ on: 'actor', from, to: typed.length, typed: name }),
  );

  test.each(['desk@example', 'Then @Lena Brandt said', 'Then @Lena\n', 'Turnout is at 24', ''])(
    'nothing is offered for %j',
    typed => expect(after(typed)).toBeUndefined(),
  );

  test('actors are offered for a name of at most 60 characters', () => {
    expect(after(`@${'a'.repeat(60)}`)?.on).toBe('actor');
    expect(after(`@${'a'.repeat(61)}`)).toBeUndefined();
  });

  test.each([
    ['arrival ', 'arrival'],
    ['Result:', 'result'],
    ['meeting-scheduled ', 'meeting-scheduled'],
    ['Meeting scheduled:', 'meeting-scheduled'],
  ])('the kind is offered after its name: %j', (typed, kind) => expect(after(typed)).toEqual({ on: 'kind', kind }));

  test.each(['arrival', 'arrival of', 'An arrival ', 'arrivals ', 'The result:'])('no kind is offered for %j', typed =>
    expect(after(typed)).toBeUndefined(),
  );

  test('no kind is offered while more text follows its name', () =>
    expect(after('arrival ', 'of the ferry')).toBeUndefined());

  test.each(['"', '“', '„', '«', 'He said "', 'He said "No"'])('a quote is offered after %j', typed =>
    expect(after(typed)?.on).toBe('quote'),
  );
});

describe('the parts of a quotation', () => {
  test.each([
    ['Mayor Lena Brandt: "We will not wait."', { words: 'We will not wait.', speaker: 'Mayor Lena Brandt:' }],
    [
      'It is over. Brandt: “No” – at nine',
      { before: 'It is over.', speaker: 'Brandt:', words: 'No', after: '– at nine' },
    ],
    ['Brandt: "', { speaker: 'Brandt:', words: '' }],
    ['No marks', { words: '' }],
  ])('%j is split into words, speaker and the text around them', (text, parts) =>
    expect(quotationIn(text)).toMatchObject(parts),
  );
});

describe('the speaker of a quotation', () => {
  const actors = [
    { id: 'lena-brandt', label: 'Lena Brandt', also: ['Brandt', 'lena-brandt'] },
    { id: 'ministry', label: 'The ministry' },
  ];
  test.each([
    ['Mayor Lena Brandt:', 'lena-brandt'],
    ['brandt says', 'lena-brandt'],
    ['The ministry said:', 'ministry'],
    ['Len', undefined],
    ['', undefined],
  ])('the speaker is found only by a whole name: %j', (text, id) => expect(speakerIn(text, actors)).toBe(id));
});
