import { describe, expect, test } from '@jest/globals';
import { addressIn, capturesIn, hostOf, withCapture } from './use-capturing.js';

describe('a pasted text', () => {
  test.each([
    ['https://news.example/a', 'https://news.example/a'],
    [' http://news.example/a?b=c#d\n', 'http://news.example/a?b=c#d'],
    ['see https://news.example/a', undefined],
    ['https://news.example/a and more', undefined],
    ['ftp://news.example/', undefined],
    ['https://', undefined],
    ['', undefined],
  ])('%j is the address %j', (text, address) => {
    expect(addressIn(text)).toBe(address);
  });

  test('its host is named as people know it', () => {
    expect(hostOf('https://www.news.example/a')).toBe('news.example');
  });
});

describe('the captures of a draft', () => {
  const [a, b] = [
    { url: 'https://a.example/', at: '1' },
    { url: 'https://b.example/', at: '1' },
  ];

  test('there are none in a draft without them', () => {
    expect(capturesIn(undefined)).toEqual([]);
    expect(capturesIn({ content: { captures: [a] } })).toEqual([a]);
  });

  test('a new one comes last, and one of the same address takes the place of the former', () => {
    expect(withCapture([a], b)).toEqual([a, b]);
    const again = { ...a, at: '2' };
    expect(withCapture([a, b], again)).toEqual([again, b]);
  });
});
