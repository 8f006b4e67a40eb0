import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deliver as step, type Sent, type Snapshot, type Stand } from './deliver.js';

const backlog = 5;
const tooMany = { changes: [], more: false, tooMany: true };
type Given = Pick<Snapshot, 'position' | 'changes'> & Partial<Snapshot>;
/** The snapshot that is read for this client: one page of the changes after it, or the flag that there are too many. */
const deliver = (stand: Stand, { changes, ...snapshot }: Given, page: number) => {
  const after = changes.filter(change => change.position > (stand.at ?? snapshot.position));
  const read = { changes: after.slice(0, page), more: after.length > page, tooMany: false };
  return step(stand, {
    sameLog: true,
    readable: snapshot.position,
    rewritten: { position: 0, times: 0, loaded: 0, swapped: 0, rewrites: 0 },
    ...read,
    ...snapshot,
  });
};
const change = (position: number): Sent => ({
  position,
  recorded: '2026-01-01T00:00:00.000Z',
  frame: Buffer.from(`id: ${position}\n`),
});
const ids = (frames: Buffer[]) => frames.map(frame => Number(/^id: (\d+)/.exec(frame.toString())![1]));
const events = (frames: Buffer[]) => frames.map(frame => /event: (\w+)/.exec(frame.toString())?.[1]);
const fresh = (at: number | undefined): Stand => ({
  at,
  joined: false,
  resumes: true,
  rewrites: undefined,
  refolds: 0,
});
const following = (at: number, refolds: number): Stand => ({ ...fresh(at), joined: true, refolds });
const upTo = (last: number) => Array.from({ length: last }, (_, i) => change(i + 1));

describe('the changes that a client gets', () => {
  it('a client gets every change of its story after its position once and in order', () => {
    const log = fc.array(fc.boolean(), { maxLength: 40 });
    fc.assert(
      fc.property(
        log,
        fc.array(fc.integer({ min: 1, max: 4 })),
        fc.nat(10),
        fc.integer({ min: 1, max: 5 }),
        (ofThisStory, steps, after, page) => {
          const all = ofThisStory.flatMap((ours, i) => (ours ? [change(i + 1)] : []));
          let stand = fresh(Math.min(after, ofThisStory.length));
          let position = stand.at!;
          const got: number[] = [];
          for (const step of [...steps, ...Array<number>(40).fill(1)]) {
            position = Math.min(position + step, ofThisStory.length);
            const held = all.filter(c => c.position <= position);
            const [frames, next] = deliver(stand, { position, changes: held }, page);
            got.push(...ids(frames));
            stand = next;
          }
          expect(got).toEqual(all.map(c => c.position).filter(p => p > Math.min(after, ofThisStory.length)));
        },
      ),
    );
  });

  it('a client without a position gets the present one, and then the changes after it', () => {
    const [frames, stand] = deliver(fresh(undefined), { position: 3, changes: upTo(3) }, backlog);
    expect([events(frames), ids(frames)]).toEqual([['hello'], [3]]);
    expect(ids(deliver(stand, { position: 4, changes: upTo(4) }, backlog)[0])).toEqual([4]);
  });

  it('a client that is behind gets one page after the other', () => {
    const [first, midway] = deliver(fresh(2), { position: 9, changes: upTo(8) }, backlog);
    expect([ids(first), midway.at]).toEqual([[3, 4, 5, 6, 7], 7]);
    const [last, stand] = deliver(midway, { position: 9, changes: upTo(8) }, backlog);
    expect([ids(last), stand.at]).toEqual([[8], 9]);
  });

  it('a client that missed more changes than are sent must load the story', () => {
    const [frames, stand] = deliver(fresh(1), { position: 7, ...tooMany }, backlog);
    expect([events(frames), ids(frames)]).toEqual([['resync'], [7]]);
    expect(ids(deliver(stand, { position: 8, changes: upTo(8) }, backlog)[0])).toEqual([8]);
  });

  it('a client with a position beyond the log must load the story', () => {
    const [frames, stand] = deliver(fresh(99), { position: 3, changes: upTo(3) }, backlog);
    expect(events(frames)).toEqual(['resync']);
    expect(stand.at).toBe(3);
  });

  it('a client that is ahead of the build gets nothing until the build has caught up', () => {
    const joined = following(9, 0);
    expect(deliver(joined, { position: 7, changes: upTo(7) }, backlog)).toEqual([[], joined]);
    expect(ids(deliver(joined, { position: 10, changes: upTo(10).slice(-6) }, backlog)[0])).toEqual([10]);
  });

  it('a connected client must load the story when the log is replaced', () => {
    const snapshot = { position: 2, sameLog: false, changes: upTo(2) };
    const [frames, stand] = deliver(following(9, 0), snapshot, backlog);
    expect([events(frames), stand.at]).toEqual([['resync'], 2]);
    expect(ids(deliver(fresh(1), snapshot, backlog)[0])).toEqual([2]);
  });

  const rewritten = (times: number) => ({
    position: 7,
    changes: upTo(7),
    rewritten: { position: 5, times, loaded: 4, swapped: 0, rewrites: 10 + times },
  });

  it('a connected client must load the story once for each rewrite of its rows, and then continues', () => {
    const [frames, stand] = deliver(following(6, 1), rewritten(2), backlog);
    expect([events(frames), ids(frames), stand.at]).toEqual([['resync'], [7], 7]);
    expect(deliver(stand, rewritten(2), backlog)[0]).toEqual([]);
    expect(events(deliver(stand, rewritten(3), backlog)[0])).toEqual(['resync']);
  });

  it.each([
    ['loaded before the rewrite', { at: 3, rewrites: 10 }, ['resync']],
    ['loaded before the rewrite, at the position that later loads have too', { at: 4, rewrites: 10 }, ['resync']],
    ['loaded after the rewrite', { at: 4, rewrites: 11 }, ['change']],
    ['loaded after the rewrite, and got an event', { at: 6, rewrites: 11, resumes: true }, ['change']],
    [
      'got an event after the rewrite, but counts the rewrites before it',
      { at: 6, rewrites: 10, resumes: true },
      ['change'],
    ],
    ['got its last event before the rewrite', { at: 5, rewrites: 10, resumes: true }, ['resync']],
    ['loaded before the rewrite, and counts no rewrites', { at: 3 }, ['resync']],
    ['loaded after the rewrite, and counts no rewrites', { at: 4 }, ['change']],
    ['got its last event before the rewrite, and counts no rewrites', { at: 3, resumes: true }, ['resync']],
    ['got the last event before the rewrite, and counts no rewrites', { at: 4, resumes: true }, ['resync']],
    ['got its last event at the rewrite, and counts no rewrites', { at: 5, resumes: true }, ['resync']],
    ['got an event after the rewrite, and counts no rewrites', { at: 6, resumes: true }, ['change']],
  ] as const)('after a rewrite at position 5, a client that %s (%j) gets %j', (_, stand, expected) => {
    const changes = [{ ...change(7), frame: Buffer.from('id: 7\nevent: change\n') }];
    const came = { ...fresh(stand.at), resumes: false, ...stand };
    expect(events(deliver(came, { ...rewritten(1), changes }, backlog)[0])).toEqual(expected);
  });

  it('a client that loaded after a resync is not asked to load again when it reconnects', () => {
    let holds = { at: 3, rewrites: 10 };
    for (const expected of [['resync'], [], []]) {
      const [frames] = deliver(
        { ...fresh(holds.at), resumes: false, ...holds },
        { ...rewritten(1), changes: [] },
        backlog,
      );
      expect(events(frames)).toEqual(expected);
      holds = { at: 4, rewrites: 11 };
    }
  });

  it('a client whose last event is the takedown that rewrote the rows need not load', () => {
    const ofStory = { position: 5, times: 1, loaded: 5, swapped: 0, rewrites: 1 };
    expect(deliver(fresh(5), { position: 7, changes: [], rewritten: ofStory }, backlog)[0]).toEqual([]);
  });

  it('a client whose last event is the last one before a build with other rows must load', () => {
    const ofAll = { position: 5, times: 1, loaded: 5, swapped: 5, rewrites: 1 };
    expect(events(deliver(fresh(5), { position: 5, changes: [], rewritten: ofAll }, backlog)[0])).toEqual(['resync']);
    expect(deliver(fresh(6), { position: 7, changes: [], rewritten: ofAll }, backlog)[0]).toEqual([]);
    // Only who did not resume may have loaded the story at this position since.
    const loaded = { ...fresh(5), resumes: false };
    expect(deliver(loaded, { position: 5, changes: [], rewritten: ofAll }, backlog)[0]).toEqual([]);
  });

  it('a new client need not load because of an earlier rewrite', () => {
    const [frames, stand] = deliver(fresh(undefined), rewritten(3), backlog);
    expect(events(frames)).toEqual(['hello']);
    expect(deliver(stand, rewritten(3), backlog)[0]).toEqual([]);
  });
});
