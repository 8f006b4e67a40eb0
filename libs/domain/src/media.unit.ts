import { describe, expect, test } from '@jest/globals';
import { commandHash } from './commands-behind.js';
import { asSentContent, Content, NewContent, SentContent } from './content.js';
import { isRefusal } from './errors.js';
import {
  asSentMedia,
  filesOf,
  keptMedia,
  type Kept,
  mediaBounds,
  mostFiles,
  mostMedia,
  mostRenditions,
  type KeptPicture,
  type Media,
  type SentMedia,
} from './media.js';
import { Outline, outlineOf } from './story/payload.js';

const name = (n: number) => n.toString(16).padStart(64, '0');
const file = (n: number) => ({ name: name(n), sha256: name(n + 1), type: 'image/jpeg', width: 4, height: 3, size: 9 });
const picture = (n: number): KeptPicture => ({
  secret: 'A'.repeat(22),
  colour: '#224466',
  original: file(100 * n),
  renditions: Array.from({ length: mostRenditions }, (_, i) => file(100 * n + 1 + i)),
});
const secret = 'A'.repeat(22);
const sealed = (n: number) => ({ name: name(n), sha256: name(n + 1), size: 9 });
const recording = (n: number) => ({
  secret,
  file: { ...sealed(n), type: 'video/mp4' as const },
  lasts: 9_000,
  width: 4,
  height: 3,
});
const captions = (n: number) => ({ secret, file: { ...sealed(n), type: 'text/vtt' as const } });
const playing = (n: number): Media[number] => ({
  ...shown(n),
  recording: recording(100 * n + 50),
  captions: captions(100 * n + 60),
});
const shown = (n: number): Media[number] => ({ alt: `Picture ${n}`, picture: picture(n) });
const content = {
  kind: 'update',
  body: 'The crane has fallen.',
  data: {},
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted' },
} as const;
const withMedia = (count: number) => ({ ...content, media: Array.from({ length: count }, (_, n) => playing(n)) });
const issues = (media: object[]) =>
  NewContent.safeParse({ ...content, media }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
const [one, ticket] = [{ picture: name(1), alt: 'A crane' }, 'eyJ..a.b.c'];

describe('the pictures of a content', () => {
  test(`there may be ${mostMedia} and no more, and their outline names every file`, () => {
    const most = Content.parse(withMedia(mostMedia));
    const { files } = Outline.parse(outlineOf(most, 'd'.repeat(64)));
    expect(files).toEqual(filesOf(most.media!));
    expect(files).toHaveLength(mostFiles);
    expect(new Set(files).size).toBe(mostFiles);
    expect(Content.safeParse(withMedia(mostMedia + 1)).success).toBe(false);
    expect(Content.safeParse(withMedia(0)).success).toBe(false);
    expect(outlineOf(Content.parse(content), 'd'.repeat(64))).not.toHaveProperty('files');
  });

  test('each says what it shows, or that it decorates', () => {
    expect(issues([{ ...one, ticket }])).toBeUndefined();
    expect(issues([{ picture: name(1), decorative: true }])).toBeUndefined();
    expect(issues([{ picture: name(1) }])).toEqual([expect.stringMatching(/^media\.0\.alt: must be given/)]);
    expect(issues([{ ...one, decorative: true }])).toEqual([expect.stringMatching(/^media\.0\.alt: must be given/)]);
    expect(issues([{ ...one, alt: ' ' }])).toEqual([expect.stringMatching(/^media\.0\.alt: must not be empty/)]);
    expect(issues([one, one])).toEqual(['media: must show each picture once']);
  });

  test('texts, the point and the ticket have bounds', () => {
    for (const field of ['alt', 'caption', 'credit', 'rights', 'ticket'] as const) {
      expect(issues([{ ...one, [field]: 'x'.repeat(mediaBounds[field]) }])).toBeUndefined();
      expect(issues([{ ...one, [field]: 'x'.repeat(mediaBounds[field] + 1) }])).toHaveLength(1);
    }
    expect(issues([{ ...one, focus: { x: 0, y: 100 } }])).toBeUndefined();
    expect(issues([{ ...one, focus: { x: -1, y: 101 } }])).toHaveLength(2);
  });
});

describe('what a client sends', () => {
  const sent = (media: object[]) => SentContent.parse({ ...content, media }).media as SentMedia;
  const keptIn = (asked: string) => (asked === ticket ? picture(1) : undefined);
  const first = picture(1).original.name;

  test('a ticket shows its picture, and a picture that is shown already needs none', () => {
    const given = sent([{ alt: 'A', picture: first, ticket, focus: { x: 1, y: 2 } }]);
    expect(keptMedia(given, keptIn)).toEqual([{ alt: 'A', focus: { x: 1, y: 2 }, picture: picture(1) }]);
    const again = sent([{ alt: 'B', picture: first }]);
    expect(keptMedia(again, keptIn, [shown(1)])).toEqual([{ alt: 'B', picture: picture(1) }]);
    expect(sent(asSentMedia([shown(1)]))).toEqual([{ alt: 'Picture 1', picture: first }]);
    // The desk gets no secret, and what it gets it can send again.
    expect(SentContent.parse(asSentContent(Content.parse(withMedia(2))))).toEqual({
      ...content,
      media: [0, 1].map(n => ({
        alt: `Picture ${n}`,
        picture: picture(n).original.name,
        recording: { file: name(100 * n + 50) },
        captions: { file: name(100 * n + 60) },
      })),
    });
    expect(asSentContent(Content.parse(content))).toEqual(content);
  });

  test.each([
    ['no ticket for a picture that is not shown', { picture: first }, 'picture'],
    ['a ticket that does not open', { picture: first, ticket: 'x' }, 'ticket'],
    ['the ticket of another picture', { picture: name(7), ticket }, 'ticket'],
  ])('%s is refused by name', (_, medium, field) => {
    const refused = keptMedia(sent([{ alt: 'A', ...medium }]), keptIn, [shown(2)]);
    expect(isRefusal(refused) && [refused.refused, refused.path]).toEqual([
      'invalid-field',
      ['content', 'media', 0, field],
    ]);
  });

  test('the hash of a command does not cover tickets, and covers everything else of a picture', () => {
    const hash = (media: object[]) =>
      commandHash({
        does: 'record-development',
        by: 'ed',
        target: { story: 's' },
        body: { content: { ...content, media } },
      });
    expect(hash([{ ...one, ticket }])).toBe(hash([one]));
    expect(hash([{ ...one, ticket }])).not.toBe(hash([{ ...one, ticket, caption: 'B' }]));
    expect(hash([{ ...one, picture: name(2) }])).not.toBe(hash([one]));
  });
});

describe('a recording', () => {
  const tickets = new Map<string, Kept>([
    ['p', picture(1)],
    ['r', recording(150)],
    ['c', captions(160)],
  ]);
  const keptIn = (asked: string) => tickets.get(asked);
  const sent = (more: object): SentMedia => [{ alt: 'A', picture: name(100), ticket: 'p', ...more }] as SentMedia;
  const [played, read] = [
    { file: name(150), ticket: 'r' },
    { file: name(160), ticket: 'c' },
  ];

  test('is kept with its picture and its captions, each by its own ticket, or without one when it is shown again', () => {
    const kept = keptMedia(sent({ recording: played, captions: read }), keptIn) as Media;
    expect(kept).toEqual([{ alt: 'A', picture: picture(1), recording: recording(150), captions: captions(160) }]);
    const again = asSentMedia(kept);
    expect(again).toEqual([
      { alt: 'A', picture: name(100), recording: { file: name(150) }, captions: { file: name(160) } },
    ]);
    expect(keptMedia(again, () => undefined, kept)).toEqual(kept);
    expect(filesOf(kept).slice(-2)).toEqual([name(150), name(160)]);
  });

  test('is refused with the ticket of another thing, or as one that the development does not show', () => {
    const wrong = (more: object) => keptMedia(sent(more), keptIn);
    expect(wrong({ recording: { ...played, ticket: 'c' } })).toMatchObject({
      path: ['content', 'media', 0, 'recording', 'ticket'],
    });
    expect(wrong({ recording: { file: name(150) } })).toMatchObject({
      path: ['content', 'media', 0, 'recording', 'file'],
    });
    expect(wrong({ recording: played, captions: { ...read, ticket: 'r' } })).toMatchObject({
      path: ['content', 'media', 0, 'captions', 'ticket'],
    });
    expect(wrong({ ticket: 'r' })).toMatchObject({ path: ['content', 'media', 0, 'ticket'] });
  });

  test('says what it shows, never only decorates, and captions belong to one', () => {
    expect(issues([{ picture: name(1), decorative: true, recording: { file: name(2) } }])).toEqual([
      'media.0.decorative: must be left out: a recording never only decorates',
    ]);
    expect(issues([{ ...one, captions: { file: name(2) } }])).toEqual([
      'media.0.captions: must be left out where there is no recording',
    ]);
    const two = { ...one, recording: { file: name(9) } };
    expect(issues([two, { ...two, picture: name(3) }])).toEqual(['media: must play each recording once']);
  });

  test('its tickets change nothing of a command’s hash', () => {
    const hashOf = (more: object) =>
      commandHash({
        does: 'record-development',
        by: 'ed',
        target: { story: 's' },
        body: { content: { ...content, media: sent(more) } },
      });
    expect(hashOf({ recording: played, captions: read })).toBe(
      hashOf({ ticket: undefined, recording: { file: played.file }, captions: { file: read.file } }),
    );
  });
});
