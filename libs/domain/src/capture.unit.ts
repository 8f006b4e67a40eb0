import { describe, expect, test } from '@jest/globals';
import { commandHash } from './commands-behind.js';
import { Content, asSentContent, pictured, SentContent } from './content.js';
import { isRefusal } from './errors.js';
import type { KeptPicture } from './media.js';
import { outlineOf } from './story/payload.js';
import { ticketsIn } from './tickets.js';
import { Capture, captureBounds, Captures, unproven, type SentCapture } from './capture.js';

const capture: SentCapture = {
  url: 'https://news.example/a',
  title: 'Talks end',
  author: 'Ann Example',
  site: 'Example News',
  published: '2026-08-15T16:04:05Z',
  text: 'The two leaders left at six.',
  sha256: 'a'.repeat(64),
  sources: ['open-graph', 'html'],
  at: '2026-08-15T17:00:00Z',
  proof: 'p'.repeat(43),
};
const isValid = (changes: object) => Capture.safeParse({ ...capture, ...changes }).success;

describe('a capture', () => {
  test('may leave out what the page does not say', () => {
    const { url, sources, at, proof } = capture;
    expect(Capture.parse({ url, sources, at, proof })).toEqual({ url, sources, at, proof });
    expect(isValid({ published: '2026-08-15' })).toBe(true);
  });

  test.each([
    ['url', 'javascript:alert(1)'],
    ['url', 'https://user@news.example/'],
    ['url', 'https://user:word@news.example/'],
    ['url', 'https://@news.example/'],
    ['url', 'https:///user@news.example/'],
    ['url', 'https://news.example\\@other.example/'],
    ['url', 'https://news.example/two words'],
    ['answeredBy', 'data:text/html,x'],
    ['title', ' '],
    ['text', 'two\nlines'],
    ['published', 'yesterday'],
    ['sha256', 'A'.repeat(64)],
    ['sources', []],
    ['sources', ['hearsay']],
    ['at', '2026-08-15T17:00:00.123Z'],
    ['at', '2026-08-15T17:00:00+02:00'],
    ['proof', 'short'],
    ['picture', 'https://news.example/i.jpg'],
  ])('%s may not be %j', (field, value) => {
    expect(isValid({ [field]: value })).toBe(false);
  });

  test.each(['title', 'author', 'site', 'text'] as const)('its %s has a bound', field => {
    expect(isValid({ [field]: 'x'.repeat(captureBounds[field]) })).toBe(true);
    expect(isValid({ [field]: 'x'.repeat(captureBounds[field] + 1) })).toBe(false);
  });

  test('says what the page said later, or that it was gone, and never both', () => {
    const again = { at: '2026-08-15T18:00:00Z', proof: 'p'.repeat(43) };
    expect(isValid({ again: { ...again, title: 'Talks end', sources: ['html'] } })).toBe(true);
    expect(isValid({ again: { ...again, gone: true } })).toBe(true);
    expect(isValid({ again })).toBe(false);
    expect(isValid({ again: { ...again, gone: true, sources: ['html'] } })).toBe(false);
    expect(isValid({ again: { ...again, gone: false, sources: ['html'] } })).toBe(false);
    expect(isValid({ again: { ...again, sources: ['html'], url: 'https://other.example/' } })).toBe(false);
  });

  test.each(['https://video.example/@example/video/1', 'https://news.example?to=a@b.example', 'http://a.example/#@b'])(
    'its address may be %s, as an @ after the host is no user name',
    url => expect(isValid({ url, answeredBy: url })).toBe(true),
  );

  test('an address has a bound', () => {
    const address = (length: number) => 'https://a.example/'.padEnd(length, 'x');
    expect(isValid({ url: address(captureBounds.url) })).toBe(true);
    expect(isValid({ url: address(captureBounds.url + 1) })).toBe(false);
  });
});

describe('the captures of a content', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ ...capture, url: `https://a.example/${n}` }));

  test(`are 1 to ${captureBounds.captures}, each of another address`, () => {
    expect(Captures.safeParse(many(captureBounds.captures)).success).toBe(true);
    expect(Captures.safeParse(many(captureBounds.captures + 1)).success).toBe(false);
    expect(Captures.safeParse([]).success).toBe(false);
    expect(Captures.safeParse([capture, { ...capture, at: '2026-08-15T18:00:00Z' }]).success).toBe(false);
  });

  test('must be proven, or shown already and unchanged', () => {
    const other = { ...capture, url: 'https://b.example/' };
    const none = () => false;
    expect(unproven({}, none)).toBeUndefined();
    expect(unproven({ captures: [capture] }, () => true)).toBeUndefined();
    expect(unproven({ captures: [capture, other] }, ({ url }) => url === capture.url)).toMatchObject({
      refused: 'invalid-field',
      path: ['content', 'captures', 1, 'proof'],
    });
    expect(unproven({ captures: [capture] }, none, [Capture.parse(capture)])).toBeUndefined();
    expect(
      unproven({ captures: [{ ...capture, title: 'Talks go on' }] }, none, [Capture.parse(capture)]),
    ).toBeDefined();
  });
});

describe('the picture of a page', () => {
  const hex = (n: number) => n.toString(16).padStart(64, '0');
  const file = (n: number) => ({ name: hex(n), sha256: hex(n + 1), type: 'image/jpeg', width: 4, height: 3, size: 9 });
  const kept = (n: number): KeptPicture => ({
    ...{ secret: 'A'.repeat(22), colour: '#224466', original: file(n), renditions: [file(n + 1)] },
  });
  const picture = { picture: hex(10), sha256: hex(11), alt: 'A crane', ticket: 'eyJ..a.b.c' };
  const { ticket, ...named } = picture;
  const pictureIn = (asked: string) => (asked === ticket ? kept(10) : undefined);
  const rest = {
    ...{ kind: 'update', body: 'They left.', data: {}, occurred: { precision: 'unknown' } },
    ...{ sourcing: { basis: 'desk', standing: 'reported' }, modality: { mode: 'asserted' } },
  };
  const sent = (captures: object[]) => SentContent.parse({ ...rest, captures });
  const again = { title: 'Now', sources: ['html'], at: '2026-08-15T18:00:00Z', proof: 'p'.repeat(43) };

  test('comes with a ticket, or is shown already; the outline names its files; the desk gets no secret', () => {
    const held = Content.parse({ ...rest, ...pictured(sent([{ ...capture, picture }]), pictureIn) });
    expect(held.captures).toEqual([{ ...capture, picture: { alt: 'A crane', picture: kept(10) } }]);
    expect(outlineOf(held, 'd'.repeat(64)).files).toEqual([hex(10), hex(11)]);
    expect(asSentContent(held)).toEqual({ ...rest, captures: [{ ...capture, picture: named }] });
    const later = sent([{ ...capture, picture: named, again: { ...again, picture: named } }]);
    const shown = pictured(later, () => undefined, held);
    expect(!isRefusal(shown) && shown.captures?.[0]?.again?.picture?.picture).toEqual(kept(10));
  });

  test.each([
    ['no ticket for one that is not shown', { ...named }, 'picture'],
    ['a ticket that does not open', { ...named, ticket: 'x' }, 'ticket'],
    ['the ticket of another', { ...picture, picture: hex(7) }, 'ticket'],
    ['another hash than its own', { ...picture, sha256: hex(7) }, 'ticket'],
  ])('%s is refused by name', (_, wrong, field) => {
    const refused = pictured(sent([{ ...capture, again: { ...again, picture: wrong } }]), pictureIn);
    expect(refused).toMatchObject({
      refused: 'invalid-field',
      path: ['content', 'captures', 0, 'again', 'picture', field],
    });
  });

  test('neither a proof nor the hash of a command covers its ticket; both cover everything else', () => {
    const proved: unknown[] = [];
    unproven({ captures: sent([{ ...capture, picture }]).captures }, each => proved.push(each) > 0);
    expect(proved).toEqual([{ ...capture, picture: named }]);
    const hash = (does: string, body: object) => commandHash({ does, by: 'ed', target: { story: 's' }, body });
    for (const [does, bodyOf] of [
      ['record-development', (shown: object) => ({ content: { ...rest, captures: [{ ...capture, picture: shown }] } })],
      [
        'recapture-development',
        (shown: object) => ({ captures: [{ ...capture, again: { ...again, picture: shown } }] }),
      ],
    ] as const) {
      expect(hash(does, bodyOf(picture))).toBe(hash(does, bodyOf(named)));
      expect(hash(does, bodyOf({ ...picture, alt: 'A ship' }))).not.toBe(hash(does, bodyOf(named)));
      expect(ticketsIn(bodyOf(picture))).toEqual([ticket]);
    }
  });

  test('is there, or why it is not: never both', () => {
    expect(isValid({ noPicture: 'too-large' })).toBe(true);
    expect(isValid({ noPicture: 'forgotten' })).toBe(false);
    expect(isValid({ picture: { picture: kept(1) } })).toBe(true);
    expect(isValid({ picture: { picture: kept(1) }, noPicture: 'none' })).toBe(false);
  });
});
