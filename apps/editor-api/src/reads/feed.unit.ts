import { storyStream, type DomainEvent } from '#domain';
import { describe, expect, test } from '@jest/globals';
import type { WriteModel } from '../commands/write-model.js';
import { note, opened, pinned, post } from './feed.fixture.js';
import { newsSince, seenIn } from './feed.js';

const newsBetween = (before: WriteModel, after: WriteModel, story: string, roles: string[] = ['editor']) =>
  newsSince(seenIn(before, story), after, story, { id: 'ed', roles }, new Map());

describe('the desk’s feed', () => {
  test('the feed sends nothing while the log has no new commits', () =>
    expect(newsBetween(opened, opened, 's')).toEqual([]));

  test('the feed sends each commit of the story in order, with the state of its developments after it', () => {
    const after = ['k1', 'k2'].reduce(
      (model, key, at) =>
        post(
          model,
          storyStream('s'),
          key,
          [note, { type: 'DevelopmentPinned', data: { development: pinned } }][at] as DomainEvent,
        ),
      opened,
    );
    const news = newsBetween(opened, after, 's');
    expect(news.map(({ news }) => news)).toEqual(['commit', 'commit', 'position']);
    expect(news).toMatchObject([
      { commit: { command: 'k1' }, developments: [{ id: pinned, kind: 'context', status: 'active' }] },
      { commit: { command: 'k2' }, story: { pinned, seq: 3 } },
      { position: 4 },
    ]);
  });

  test('for a commit of another story, the feed sends only the position of the log', () =>
    expect(newsBetween(opened, post(opened, storyStream('t'), 'b', { type: 'StoryClosed', data: {} }), 's')).toEqual([
      { news: 'position', position: 3 },
    ]));

  test('the feed asks for a resync after too many commits, or one that cannot be read', () => {
    let after = opened;
    for (let n = 0; n < 60; n++) after = post(after, storyStream('s'), `k${n}`, { type: 'StoryClosed', data: {} });
    expect(newsBetween(opened, after, 's').map(({ news }) => news)).toEqual(['resync', 'position']);
    const unreadable = post(opened, storyStream('s'), 'x', { type: 'Unheard', data: {} } as unknown as DomainEvent);
    expect(newsBetween(opened, unreadable, 's')).toMatchObject([{ news: 'resync' }, { news: 'position' }]);
  });

  test('the feed says that the registry of actors changed, or that the takedown of an entry was proposed', () => {
    const profile = { name: 'Ada', kind: 'person', aliases: [], affiliations: [] } as const;
    const after = post(opened, 'actor:ada', 'r', { type: 'ActorRegistered', data: profile } as unknown as DomainEvent);
    expect(newsBetween(opened, after, 's')).toEqual([{ news: 'actors' }, { news: 'position', position: 3 }]);
    const proposed = { text: pinned, told: note.data.told, ground: 'privacy', as: 'editor', rules: 2 } as const;
    const waiting = post(after, 'actor:ada', 'p', {
      type: 'ActorTakedownProposed',
      data: proposed,
    } as unknown as DomainEvent);
    expect(newsBetween(after, waiting, 's')).toEqual([{ news: 'actors' }, { news: 'position', position: 4 }]);
  });
});
