import { describe, expect, test } from '@jest/globals';
import type { Post, StoryAsFiles } from './load.js';
import { opening, playPosts, registrations, type Request } from './player.js';

const content = { kind: 'outcome' } as NonNullable<Post['correct']>['content'];
const recorded = (fact: string, more: object = {}): Post => ({ fact, record: { content, ...more } });

const files = (posts: Post[]): StoryAsFiles => ({
  story: { id: 'ferry', title: 'The ferry', zone: 'Europe/Oslo' },
  actors: [{ id: 'ada', profile: { name: 'Ada', kind: 'person', aliases: [], affiliations: [] } }],
  posts,
});

/** An editor API that names the recorded developments d1, d2 ... in turn. */
async function played(posts: Post[]): Promise<Request[]> {
  const sent: Request[] = [];
  let recordings = 0;
  await playPosts(files(posts), async request => {
    sent.push(JSON.parse(JSON.stringify(request)) as Request);
    return request.path.endsWith('/developments') ? { development: `d${++recordings}` } : {};
  });
  return sent;
}

describe('playing a story', () => {
  test('the story and its actors are created with keys that are the same in a second run', () => {
    expect(opening(files([]))).toEqual({
      path: '/stories',
      body: { id: 'ferry', title: 'The ferry', zone: 'Europe/Oslo', team: 'newsroom' },
      key: 'ferry/open-for-newsroom',
    });
    expect(registrations(files([])).map(({ path, key }) => [path, key])).toEqual([['/actors', 'ferry/actor/ada']]);
  });

  test('facts are posted in order, and acts name the ids that the answers gave', async () => {
    const sent = await played([
      recorded('F1'),
      recorded('F2', { supersedes: 'F1', key: true }),
      { fact: 'C2', correct: { development: 'F2', content, wrong: 'w', reason: 'r' } },
      { fact: 'V2', verify: { development: 'F2', note: 'n' } },
      { fact: 'X2', dispute: { development: 'F2', reason: 'r' } },
      { fact: 'P2', pin: { development: 'F2' } },
      { fact: 'K2', key: { development: 'F2' } },
      { fact: 'S', settle: { condition: 'calm', fate: 'met', reason: 'r', development: 'F1' } },
      recorded('F3', { embargo: true }),
      { fact: 'L3', lift: { development: 'F3' } },
      { fact: 'N3', link: { development: 'F3', to: 'F2', as: 'answers' } },
      { fact: 'U3', unlink: { development: 'F3', to: 'F2', as: 'answers' } },
      { fact: 'R 1', retract: { development: 'F1', reason: 'r' } },
    ]);
    expect(sent.map(({ path, body }) => [path.replace('/stories/ferry/', ''), body])).toEqual([
      ['developments', { content }],
      ['developments', { content, supersedes: 'd1', key: true }],
      ['developments/d2/correct', { content, wrong: 'w', reason: 'r' }],
      ['developments/d2/verify', { note: 'n' }],
      ['developments/d2/dispute', { reason: 'r' }],
      ['developments/d2/pin', {}],
      ['developments/d2/mark-key', {}],
      ['conditions/calm/settle', { fate: 'met', reason: 'r', development: 'd1' }],
      ['developments', { content, embargo: {} }],
      ['developments/d3/lift', {}],
      ['developments/d3/link', { to: 'd2', as: 'answers' }],
      ['developments/d3/unlink', { to: 'd2', as: 'answers' }],
      ['developments/d1/retract', { reason: 'r' }],
    ]);
    expect(sent.map(request => request.key)).toEqual(
      ['F1', 'F2', 'C2', 'V2', 'X2', 'P2', 'K2', 'S', 'F3', 'L3', 'N3', 'U3', 'R%201'].map(
        fact => `ferry/fact/${fact}`,
      ),
    );
  });

  test('playing stops at an answer without a development’s id', async () => {
    await expect(playPosts(files([recorded('F1')]), async () => ({}))).rejects.toThrow(/F1 lacks the id/);
  });
});
