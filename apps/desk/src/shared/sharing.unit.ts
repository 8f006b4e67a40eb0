import { beforeEach, afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Answered } from '../api.js';
import type { SharedDraft } from '../contracts.js';
import type { Draft } from '../drafts.js';
import { at, type Value } from '../form-model/values.js';
import { isOver, saveAfterMs, Sharing, type SharedState } from './sharing.js';

type Asked = { readonly method: string; readonly path: string; readonly body: { version: number; value: Value } };

const holder = { id: 'ada', name: 'Ada' };
const saying = (body: string, headline?: string): Value => ({
  content: { kind: 'update', body, ...(headline !== undefined && { headline }) },
});

/** A newsroom with one draft, and two desks that edit it. */
class Newsroom {
  draft: SharedDraft | undefined;
  ended = false;
  down = false;
  /** When it begins to answer. */
  open: Promise<void> = Promise.resolve();
  readonly asked: Asked[] = [];

  answer = async (method: string, path: string, body?: object): Promise<Answered> => {
    this.asked.push({ method, path, body: body as Asked['body'] });
    await this.open;
    if (this.down) throw new Error('The newsroom does not answer.');
    if (this.ended) return { status: 410, body: { ended: { how: 'discarded', by: { id: 'ben' } } } };
    if (method === 'GET')
      return this.draft ? { status: 200, body: this.draft } : { status: 404, body: { code: 'unknown-draft' } };
    const { version, value } = body as { version: number; value: never };
    if (path.endsWith('/discard')) {
      if (version !== this.draft?.version) return { status: 409, body: { draft: this.draft } };
      this.ended = true;
      return { status: 200, body: {} };
    }
    if (version !== (this.draft?.version ?? 0)) return { status: 409, body: { draft: this.draft } };
    const times = { begun: '', changed: '' };
    const by = { id: 'ada' };
    this.draft = { id: 'd', version: version + 1, act: 'record', holder, by, ...times, value, versions: [] };
    return { status: 200, body: { version: version + 1 } };
  };
}

class Desk {
  draft: Draft | undefined;
  /** The draft that was open before. */
  left: Draft | undefined;
  state: SharedState = { at: 'here' };
  joined = 0;
  readonly sharing: Sharing;

  constructor(readonly newsroom: Newsroom) {
    this.sharing = new Sharing(newsroom, {
      me: holder,
      latest: () => this.draft,
      kept: id => (this.left?.id === id ? this.left : undefined),
      put: (id, changes) => {
        if (this.draft?.id === id) this.draft = { ...this.draft, ...changes };
        else if (this.left?.id === id) this.left = { ...this.left, ...changes };
      },
      tell: state => (this.state = state),
      onJoined: () => this.joined++,
    });
  }

  type(value: Value): void {
    const base = { id: 'd', story: 's', act: 'record', on: 'story', changed: '' } as const;
    this.draft = { ...base, ...this.draft, value };
    this.sharing.touched();
  }

  /** Opens an empty draft in place of the open one, as the desk does. */
  openAnother(): void {
    void this.sharing.flush();
    this.left = this.draft;
    this.draft = { id: 'other', story: 's', act: 'record', on: 'story', changed: '', value: {} };
    this.sharing.opened(this.draft);
  }

  async open(): Promise<void> {
    this.draft = {
      id: 'd',
      story: 's',
      act: 'record',
      on: 'story',
      changed: '',
      value: {},
      saved: { version: 0, value: {}, holder },
    };
    this.sharing.opened(this.draft);
    await this.sharing.pull();
  }

  get body(): Value {
    return at(this.draft?.value, ['content', 'body']);
  }
}

let newsroom: Newsroom;
let [one, two]: Desk[] = [];
beforeEach(() => {
  jest.useFakeTimers();
  newsroom = new Newsroom();
  [one, two] = [new Desk(newsroom), new Desk(newsroom)];
});
afterEach(() => {
  jest.useRealTimers();
});
const later = () => jest.advanceTimersByTimeAsync(saveAfterMs + 1);

describe('a shared draft', () => {
  test('it is saved once after the last letter, and at once when the editor turns away', async () => {
    for (const body of ['D', 'Do', 'Doors']) one!.type(saying(body));
    expect(newsroom.asked).toEqual([]);
    await later();
    expect(newsroom.asked.map(({ body }) => body.value)).toEqual([saying('Doors')]);
    one!.type(saying('Doors open'));
    await one!.sharing.flush();
    expect(newsroom.draft).toMatchObject({ version: 2, value: saying('Doors open') });
    await one!.sharing.flush();
    expect(newsroom.asked).toHaveLength(2);
    expect(one!.state).toEqual({ at: 'saved' });
  });

  test('a draft that is being posted is neither saved nor read, and is saved if it was not posted', async () => {
    one!.type(saying('Doors'));
    await later();
    const before = newsroom.asked.length;
    one!.type(saying('Doors open'));
    one!.sharing.hold(one!.draft!);
    await Promise.all([one!.sharing.flush(), one!.sharing.pull(), later()]);
    expect(newsroom.asked).toHaveLength(before);
    one!.sharing.release(one!.draft!);
    await later();
    expect(newsroom.draft!.value).toEqual(saying('Doors open'));
    expect(one!.state).toEqual({ at: 'saved' });
  });

  test('a saving that the post overtook does not tell its writer that the draft has ended', async () => {
    one!.type(saying('Doors'));
    await later();
    one!.type(saying('Doors open'));
    let answers = () => {};
    newsroom.open = new Promise(resolve => (answers = resolve));
    const saving = one!.sharing.flush();
    await jest.advanceTimersByTimeAsync(1);
    one!.sharing.hold(one!.draft!);
    newsroom.ended = true;
    answers();
    await saving;
    expect(one!.state.at).not.toBe('ended');
  });

  test('what two desks change in different fields is joined, and both have it', async () => {
    one!.type(saying('Doors'));
    await later();
    await two!.open();
    one!.type(saying('Doors open'));
    await later();
    two!.type(saying('Doors', 'Doors of the hall'));
    await later();
    await later();
    await one!.sharing.pull();
    const both = saying('Doors open', 'Doors of the hall');
    expect([newsroom.draft!.value, one!.draft!.value, two!.draft!.value]).toEqual([both, both, both]);
    expect(two!.joined).toBeGreaterThan(0);
  });

  test('where both changed a field nothing is overwritten until a person has chosen', async () => {
    one!.type(saying('Doors'));
    await later();
    await two!.open();
    one!.type(saying('Doors open at nine'));
    await later();
    two!.type(saying('Doors open at ten'));
    await later();
    expect(two!.state).toMatchObject({ at: 'clash', theirs: { value: saying('Doors open at nine') } });
    two!.type(saying('Doors open at ten, they say'));
    await later();
    expect([newsroom.draft!.value, two!.body]).toEqual([saying('Doors open at nine'), 'Doors open at ten, they say']);
    two!.sharing.settle(new Set());
    await two!.sharing.flush();
    expect(newsroom.draft!.value).toEqual(saying('Doors open at ten, they say'));
    await one!.sharing.pull();
    expect(one!.body).toBe('Doors open at ten, they say');
  });

  test('theirs is taken where the editor says so', async () => {
    one!.type(saying('Doors'));
    await later();
    await two!.open();
    one!.type(saying('Nine'));
    await later();
    two!.type(saying('Ten', 'Doors'));
    await later();
    two!.sharing.settle(new Set(['content.body']));
    await two!.sharing.flush();
    expect(newsroom.draft!.value).toEqual(saying('Nine', 'Doors'));
  });

  test('what is typed while the newsroom is away is saved later', async () => {
    newsroom.down = true;
    one!.type(saying('Doors'));
    await later();
    expect(one!.state).toMatchObject({ at: 'failed' });
    newsroom.down = false;
    await jest.advanceTimersByTimeAsync(10_001);
    expect(newsroom.draft!.value).toEqual(saying('Doors'));
  });

  test('a draft that was set aside while the newsroom was away is saved later', async () => {
    newsroom.down = true;
    one!.type(saying('Doors'));
    one!.openAnother();
    await jest.advanceTimersByTimeAsync(10_001);
    expect(newsroom.draft).toBeUndefined();
    newsroom.down = false;
    await jest.advanceTimersByTimeAsync(10_001);
    expect(newsroom.draft).toMatchObject({ version: 1, value: saying('Doors') });
    expect(one!.left!.saved).toMatchObject({ version: 1 });
    const asked = newsroom.asked.length;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(newsroom.asked).toHaveLength(asked);
  });

  test('a draft that was set aside and that the newsroom refuses is not sent again', async () => {
    newsroom.answer = async (method, path, body) => {
      newsroom.asked.push({ method, path, body: body as Asked['body'] });
      return { status: 422, body: { detail: 'value: must be shorter' } };
    };
    one!.type(saying('Doors'));
    one!.openAnother();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(newsroom.asked).toHaveLength(1);
  });

  test('what was typed while a saving was on its way is saved, although another draft was opened', async () => {
    const answers = Promise.withResolvers<void>();
    newsroom.open = answers.promise;
    one!.type(saying('Doors'));
    await later();
    one!.type(saying('Doors open'));
    one!.openAnother();
    answers.resolve();
    await later();
    expect(newsroom.draft).toMatchObject({ version: 2, value: saying('Doors open') });
  });

  test.each([{ to: { id: 'rita' } }, { to: undefined }])(
    'another draft that was opened during the saving is not given away (%o)',
    async ({ to }) => {
      one!.type(saying('Doors'));
      await later();
      one!.type(saying('Doors open'));
      const answers = Promise.withResolvers<void>();
      newsroom.open = answers.promise;
      const giving = one!.sharing.give(to);
      await jest.advanceTimersByTimeAsync(1);
      one!.openAnother();
      one!.draft = { ...one!.draft!, saved: { version: 1, value: {}, holder } };
      answers.resolve();
      expect(await giving).toContain('because you opened another draft');
      expect(newsroom.asked.filter(({ path }) => /(hand|take)-over$/.test(path))).toEqual([]);
    },
  );

  test('a draft that a colleague has ended stays here, and is saved no more', async () => {
    one!.type(saying('Doors'));
    await later();
    newsroom.ended = true;
    one!.type(saying('Doors open'));
    await later();
    expect(one!.state).toMatchObject({ at: 'ended', ended: { by: { id: 'ben' } } });
    const asked = newsroom.asked.length;
    one!.type(saying('Doors open now'));
    await later();
    expect([one!.body, newsroom.asked.length]).toEqual(['Doors open now', asked]);
  });

  test('what was sent before the page was loaded again is this browser’s own, and nothing typed since is lost', async () => {
    one!.type(saying('Doors', 'Doors'));
    await later();
    one!.type(saying('Doors'));
    const sent = newsroom.answer;
    // The answer never comes back to this page.
    newsroom.answer = async (...asked) => {
      await sent(...asked);
      throw new Error('gone');
    };
    await one!.sharing.flush();
    newsroom.answer = sent;
    const kept = one!.draft!;
    two!.draft = { ...kept, value: saying('Doors', 'Doors') };
    two!.sharing.opened(two!.draft);
    await two!.sharing.pull();
    await later();
    expect(two!.draft!.value).toEqual(saying('Doors', 'Doors'));
    expect(newsroom.draft!.value).toEqual(saying('Doors', 'Doors'));
    expect(two!.joined).toBe(0);
  });

  test('a saving whose answer was lost is no clash with what its writer typed since', async () => {
    one!.type(saying('Doors'));
    await later();
    const sent = newsroom.answer;
    newsroom.answer = async (...asked) => {
      await sent(...asked);
      throw new Error('gone');
    };
    one!.type(saying('Doors open'));
    await one!.sharing.flush();
    newsroom.answer = async () => {
      throw new Error('gone');
    };
    // Of many savings that the newsroom never got, none takes the place of the one that it has.
    for (let n = 0; n < 30; n++) {
      one!.type(saying(`Doors open at ${n}`));
      await one!.sharing.flush();
    }
    expect(one!.draft!.pending).toHaveLength(20);
    newsroom.answer = sent;
    one!.type(saying('Doors open at nine'));
    await one!.sharing.flush();
    expect(one!.state.at).not.toBe('clash');
    await later();
    expect(newsroom.draft!.value).toEqual(saying('Doors open at nine'));
    expect(one!.state).toEqual({ at: 'saved' });
    expect([one!.draft!.pending, one!.joined]).toEqual([undefined, 0]);
  });

  test('a draft that a colleague ended is not posted; what its writer posted may be sent again', () => {
    const by = (id: string, how: 'posted' | 'discarded' = 'posted'): SharedState => ({
      at: 'ended',
      ended: { id: 'd', how, by: { id }, ended: '' },
    });
    const states: SharedState[] = [by('ben'), by('ada', 'discarded'), { at: 'ended', ended: undefined }, by('ada')];
    expect(states.map(state => isOver(state, holder))).toEqual([true, true, true, false]);
  });

  test('a draft that ends while it is being saved ends with the version that was saved', async () => {
    const answers = Promise.withResolvers<void>();
    newsroom.open = answers.promise;
    one!.type(saying('Doors'));
    void one!.sharing.flush();
    await jest.advanceTimersByTimeAsync(1);
    const { draft } = one!;
    one!.draft = undefined;
    const ends = one!.sharing.end(draft!);
    answers.resolve();
    await ends;
    expect(newsroom.draft).toMatchObject({ version: 1 });
    expect(newsroom.ended).toBe(true);
  });
});
