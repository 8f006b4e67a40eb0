import { describe, expect, test } from '@jest/globals';
import { quotationIn, speakerIn, triggerAt } from './triggers.js';

const kinds = [
  { id: 'arrival', label: 'Arrival' },
  { id: 'result', label: 'Result' },
  { id: 'meeting-scheduled', label: 'Meeting scheduled' },
];
const after = (typed: string, rest = '') => triggerAt(typed + rest, typed.length, kinds);

describe('what is typed', () => {
  test.each([
    ['@', 0, ''],
    ['Then @Len', 5, 'Len'],
    ['(@Lena Br', 1, 'Lena Br'],
  ])('asks for an actor after @: %s', (typed, from, name) =>
    expect(after(typed)).toEqual({ on: 'actor', from, to: typed.length, typed: name }),
  );

  test.each(['desk@example', 'Then @Lena Brandt said', 'Then @Lena\n', 'Turnout is at 24', ''])(
    'asks for nothing in plain text: %j',
    typed => expect(after(typed)).toBeUndefined(),
  );

  test('completes names up to a length, and none beyond it', () => {
    expect(after(`@${'a'.repeat(60)}`)?.on).toBe('actor');
    expect(after(`@${'a'.repeat(61)}`)).toBeUndefined();
  });

  test.each([
    ['arrival ', 'arrival'],
    ['Result:', 'result'],
    ['meeting-scheduled ', 'meeting-scheduled'],
    ['Meeting scheduled:', 'meeting-scheduled'],
  ])('offers a kind whose name it is: %j', (typed, kind) => expect(after(typed)).toEqual({ on: 'kind', kind }));

  test.each(['arrival', 'arrival of', 'An arrival ', 'arrivals ', 'The result:'])('offers no kind for %j', typed =>
    expect(after(typed)).toBeUndefined(),
  );

  test('offers no kind while more text follows', () => expect(after('arrival ', 'of the ferry')).toBeUndefined());

  test.each(['"', '“', '„', '«', 'He said "', 'He said "No"'])('offers a quote after %j', typed =>
    expect(after(typed)?.on).toBe('quote'),
  );
});

describe('a quotation', () => {
  test.each([
    ['Mayor Lena Brandt: "We will not wait."', { words: 'We will not wait.', speaker: 'Mayor Lena Brandt:' }],
    [
      'It is over. Brandt: “No” – at nine',
      { before: 'It is over.', speaker: 'Brandt:', words: 'No', after: '– at nine' },
    ],
    ['Brandt: "', { speaker: 'Brandt:', words: '' }],
    ['No marks', { words: '' }],
  ])('of %j is taken apart', (text, parts) => expect(quotationIn(text)).toMatchObject(parts));
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
  ])('is found by a whole name: %j', (text, id) => expect(speakerIn(text, actors)).toBe(id));
});
