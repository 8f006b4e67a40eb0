import { blackPng } from '../../libs/pictures/src/testing/made.js';
import { madeMp3, madeWebm } from '../../libs/recordings/src/testing/made.js';
import type { Client } from '../harness/client.js';
import { keptFile, sha256 } from '../harness/media.js';
import type { TestNewsroom } from '../harness/newsroom.js';
import { statement } from '../harness/statement.js';
import { type Acting, reason } from './acting.js';
import { captured, capturedAgain } from './captured.js';

const vtt = (words: string) => Buffer.from(`WEBVTT\n\n00:00.000 --> 00:01.000\n${words}\n`);

/** A story with pictures and captured pages: shown, changed, under an embargo, retracted, taken down. */
export async function illustrated(it: Acting, newsroom: TestNewsroom, ann: Client, lea: Client): Promise<void> {
  const id = 'illustrated';
  const path = `/stories/${id}`;
  await it.did(ann, '/stories', { id, title: 'Illustrated', zone: 'UTC' });
  const content = (quote: string, more: object) => ({ ...statement(quote).content, ...more });
  const post = async (quote: string, more: object, fields: object = {}) => {
    const body = { content: content(quote, more), ...fields };
    return `${path}/developments/${(await it.did(ann, `${path}/developments`, body)).development}`;
  };
  const picture = async (texts: object) => {
    const { picture, ticket } = await keptFile(newsroom, id, 'image/png', blackPng(60, 40));
    return { picture, ticket, ...texts };
  };
  /** The picture of a page, as the capture answers it. */
  const ofPage = async (alt?: string) => {
    const bytes = blackPng(80, 40);
    const { picture, ticket } = await keptFile(newsroom, id, 'image/png', bytes);
    return { picture, sha256: sha256(bytes), ticket, ...(alt && { alt }) };
  };
  const recording = async (type: 'video/webm' | 'audio/mpeg') => {
    const bytes = type === 'video/webm' ? await madeWebm({ seconds: 1, width: 64, height: 36 }) : madeMp3();
    const { recording: file, ticket } = await keptFile(newsroom, id, type, bytes);
    return { file, ticket };
  };
  const captions = async (words: string) => {
    const { captions: file, ticket } = await keptFile(newsroom, id, 'text/vtt', vtt(words));
    return { file, ticket };
  };

  const texts = { alt: 'A ship.', caption: 'The *Tern*.', credit: 'Ann', rights: 'Ours.', focus: { x: 40, y: 60 } };
  const first = await picture(texts);
  const shown = await post('See it.', { media: [first] });
  // A picture that the development shows already is sent without its ticket.
  const { ticket: _, ...again } = first;
  const both = content('See both.', { media: [again, await picture({ decorative: true })] });
  await it.did(ann, `${shown}/correct`, { content: both, wrong: 'One was missing.', reason });

  const linked = await post('They say so.', { captures: [captured('Talks go on', '2026-08-15T14:05:00Z')] });
  const later = content('They say more.', { captures: [captured('Talks end', '2026-08-15T15:05:00Z')] });
  await it.did(ann, `${linked}/correct`, { content: later, wrong: 'The page says more now.', reason });

  const film = await picture({ alt: 'A crane.' });
  const video = await recording('video/webm');
  const played = await post('Watch it.', {
    media: [{ ...film, recording: video, captions: await captions('It falls.') }],
  });
  // The same video with other captions, and a sound.
  const { ticket: _film, ...filmed } = film;
  const other = { ...filmed, recording: { file: video.file }, captions: await captions('It fell.') };
  const sound = { ...(await picture({ alt: 'A microphone.' })), recording: await recording('audio/mpeg') };
  const heard = content('Watch it, and listen.', { media: [other, sound] });
  await it.did(ann, `${played}/correct`, { content: heard, wrong: 'The captions.', reason });

  const pictured = captured('Talks in pictures', '2026-08-15T14:05:00Z', { picture: await ofPage('A crane.') });
  const page = await post('They show it.', { captures: [pictured] });
  const { ticket: _page, ...shownThere } = pictured.picture!;
  const seenAgain = (again: object) => ({ captures: [{ ...pictured, picture: shownThere, again }] });
  const changed = capturedAgain('Talks in pictures', '2026-08-15T15:05:00Z', { picture: await ofPage() });
  await it.did(ann, `${page}/recapture`, seenAgain(changed));
  const without = capturedAgain('Talks in pictures', '2026-08-15T16:05:00Z', { noPicture: 'gone' });
  await it.did(ann, `${page}/recapture`, seenAgain(without));

  const illustration = async () => ({
    media: [
      await picture({ alt: 'A quay.' }),
      {
        ...(await picture({ alt: 'A crane.' })),
        recording: await recording('video/webm'),
        captions: await captions('It falls.'),
      },
    ],
    captures: [captured('Talks go on', '2026-08-15T14:05:00Z', { picture: await ofPage() })],
  });
  await post('Not yet.', await illustration(), { embargo: {} });
  const wrong = await post('It was not so.', await illustration());
  await it.did(ann, `${wrong}/retract`, { reason });
  const gone = await post('To be taken down.', await illustration());
  const { commit } = await it.did(ann, `${gone}/propose-takedown`, { ground: 'privacy', reason });
  await it.did(lea, `${path}/proposals/${commit}/approve`);
}
