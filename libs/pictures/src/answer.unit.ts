import { expect, test } from '@jest/globals';
import { readAnswer } from './answer.js';

const rendition = { type: 'image/webp', width: 2, height: 1, size: 3 };
const picture = { type: 'image/png', width: 2, height: 1, colour: '#012345', offered: {}, renditions: [rendition] };

function written(header: unknown, rest = 'abc'): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, Buffer.from(rest)]);
}

test('an answer is a picture with the bytes of its renditions', () => {
  const two = { ...picture, renditions: [rendition, { ...rendition, size: 2 }] };
  expect(readAnswer(written(two, 'abcde')).renditions.map(({ bytes }) => String(bytes))).toEqual(['abc', 'de']);
});

test('a refusal is an error with its code and detail', () => {
  const refusal = { refused: 'picture-type', detail: 'it is text/html' };
  expect(() => readAnswer(written(refusal, ''))).toThrow(
    expect.objectContaining({ code: 'picture-type', message: expect.stringContaining('it is text/html') }),
  );
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a length beyond the answer', Buffer.from('ffffffff7b7d', 'hex')],
  ['a header that is not JSON', written('{')],
  ['a header that lacks a field', written({ ...picture, colour: undefined })],
  ['a field too many', written({ ...picture, html: '<script>' })],
  ['a colour that is something else', written({ ...picture, colour: 'url(//x)' })],
  ['a type that is not made', written({ ...picture, renditions: [{ ...rendition, type: 'text/html' }] })],
  ['a size of 0', written({ ...picture, renditions: [{ ...rendition, size: 0 }] })],
  ['too few bytes', written(picture, 'ab')],
  ['too many bytes', written(picture, 'abcd')],
  [
    'too many renditions',
    written({ ...picture, renditions: Array(19).fill({ ...rendition, size: 1 }) }, 'x'.repeat(19)),
  ],
  ['a code that does not exist', written({ refused: 'constructor' })],
])('an answer with %s is refused as a broken picture', (_, answer) => {
  expect(() => readAnswer(answer)).toThrow(expect.objectContaining({ code: 'picture-broken' }));
});
