import { Unanswered, type EditorApi } from '../api.js';
import type { EndedDraft, SharedDraft } from '../contracts.js';
import { isSame, merged } from '../difference.js';
import { isUnsaved, type Draft, type Person } from '../drafts.js';
import type { Value } from '../form-model/values.js';
import { copyOf, draftPath, isShared, joined, savedOf, saveDraft, saveReplyOf, type SaveReply } from './save.js';

/** How long after the last letter a draft is saved, in milliseconds. */
export const saveAfterMs = 1_500;
/** How long after a failure it is saved again, in milliseconds. */
export const saveAgainMs = 10_000;

/** The state of the open draft in the newsroom. */
export type SharedState =
  | { readonly at: 'here' }
  | { readonly at: 'saved' }
  | { readonly at: 'failed'; readonly detail: string }
  /** A colleague and this editor changed the same field. */
  | { readonly at: 'clash'; readonly theirs: SharedDraft }
  | { readonly at: 'ended'; readonly ended: EndedDraft | undefined };

/** Whether the draft has ended, and posting it might publish it twice. What a person posted themselves, the log records once. */
export const isOver = (state: SharedState, me: Person): boolean =>
  state.at === 'ended' && !(state.ended?.how === 'posted' && state.ended.by.id === me.id);

/** The most values that are remembered until the newsroom answers. */
const mostPending = 20;

/** What was sent of a draft since the newsroom last answered. */
const pendingOf = ({ pending = [] }: Draft): readonly Value[] => [pending].flat();

/** The same with this value. If there are too many, one from the middle is removed: answers are lost when a connection breaks or returns. */
function withPending(draft: Draft): readonly Value[] {
  const before = pendingOf(draft);
  if (before.some(value => isSame(value, draft.value))) return before;
  const kept = before.length < mostPending ? before : before.toSpliced(mostPending / 2, 1);
  return [...kept, draft.value];
}

const notHanded = 'It was not handed over, because you opened another draft. Open it again to hand it over.';
const notTaken = 'It was not taken over, because you opened another draft. Open it again to take it over.';

interface Here {
  readonly me: Person;
  /** The open draft. */
  readonly latest: () => Draft | undefined;
  /** This browser's copy of a draft that is not open. */
  readonly kept: (id: string) => Draft | undefined;
  /** Changes a draft that this browser keeps, the open one or another. */
  readonly put: (id: string, changes: Partial<Draft>) => void;
  readonly tell: (state: SharedState) => void;
  /** A colleague's changes are in the draft now. */
  readonly onJoined: (by: Person) => void;
}

/** Keeps the open draft equal to the newsroom's. One saving at a time; what is typed meanwhile is saved next. */
export class Sharing {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private leftTimer: ReturnType<typeof setTimeout> | undefined;
  private busy: Promise<void> = Promise.resolve();
  private state: SharedState = { at: 'here' };
  private isClosed = false;

  constructor(
    private readonly api: Pick<EditorApi, 'answer'>,
    private readonly here: Here,
  ) {}

  /** The draft was changed: it is saved soon. */
  touched(): void {
    if (this.isStopped()) return;
    this.schedule(saveAfterMs);
  }

  /** Another draft was opened. */
  opened(draft: Draft | undefined): void {
    clearTimeout(this.timer);
    const unsaved = draft !== undefined && isUnsaved(draft);
    this.tell({ at: draft?.saved && !unsaved ? 'saved' : 'here' });
    if (draft?.saved) void this.pull();
    else if (unsaved) this.schedule(saveAfterMs);
  }

  /** Saves what the newsroom lacks now. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    const draft = this.here.latest();
    if (!draft || !isShared(draft) || !isUnsaved(draft) || this.isStopped() || this.isHeld(draft)) return this.busy;
    return this.alone(() => this.save(draft));
  }

  /** Takes what colleagues have changed. */
  pull(): Promise<void> {
    const draft = this.here.latest();
    if (!draft?.saved || this.isStopped() || this.isHeld(draft)) return this.busy;
    return this.alone(async () => {
      if (!this.isHeld(draft)) this.learn(draft, await this.read(draft));
    });
  }

  /** Goes on after a clash: their version with this editor's changes, except for the fields in which theirs was taken. */
  settle(taken: ReadonlySet<string>): void {
    const draft = this.here.latest();
    if (this.state.at !== 'clash' || !draft) return;
    const saved = savedOf(this.state.theirs);
    const value = merged(draft.saved?.value, saved.value, draft.value, taken);
    this.here.put(draft.id, { value, saved, pending: undefined });
    this.tell({ at: 'saved' });
    void this.flush();
  }

  /** Gives the open draft to a person, after it was saved. Resolves to why not, if it failed. */
  async give(to: Person | undefined): Promise<string | undefined> {
    const asked = this.here.latest();
    await this.flush();
    const draft = this.here.latest();
    // The draft that was opened meanwhile may be meant for nobody else.
    if (draft?.id !== asked?.id) return to ? notHanded : notTaken;
    if (!draft?.saved) return 'The newsroom does not have the draft yet. Try again in a moment.';
    const [step, more] = to ? ['hand-over', { to }] : ['take-over', {}];
    const { version } = draft.saved;
    const { status, body } = await this.ask(draftPath(draft, step), { version, ...more });
    if (status === 200) {
      this.here.put(draft.id, { saved: savedOf(body as SharedDraft) });
      return undefined;
    }
    const reply = saveReplyOf(status, body);
    this.learn(draft, reply);
    return reply.reply === 'failed' ? reply.detail : 'A colleague was faster. Look at the draft again.';
  }

  /** The draft is being posted, which ends it: until `release` or `end` it is neither saved nor read. */
  hold({ id }: Draft): void {
    this.over.add(id);
  }

  /** The draft was not posted: it is shared again. */
  release(draft: Draft): void {
    this.over.delete(draft.id);
    if (this.here.latest()?.id === draft.id) this.touched();
    else this.leave(draft);
  }

  /** A colleague has ended the draft. */
  hasEnded(draft: Draft, ended: EndedDraft | undefined): void {
    if (this.here.latest()?.id === draft.id) this.tell({ at: 'ended', ended });
  }

  /** Ends a draft that was posted or discarded, after a saving that is still on its way. */
  async end(draft: Draft): Promise<void> {
    // Another draft that was opened meanwhile is still to be saved.
    if ((this.here.latest() ?? draft).id === draft.id) clearTimeout(this.timer);
    this.over.add(draft.id);
    await this.busy;
    // A saving may have come back since.
    let version = this.latestVersion(draft);
    for (let tries = 0; version !== undefined && tries < 2; tries++) {
      const { status, body } = await this.ask(draftPath(draft, 'discard'), { version });
      const reply = saveReplyOf(status, body);
      version = reply.reply === 'changed' ? reply.theirs.version : undefined;
    }
  }

  /** Ends the timers for good. A saving that is on its way may still be answered. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    clearTimeout(this.leftTimer);
  }

  /** Drafts that are being posted, or were posted or discarded here: they are not saved. */
  private readonly over = new Set<string>();
  /** The versions of drafts that are no longer open. */
  private readonly versions = new Map<string, { readonly version: number }>();

  /** Drafts that are no longer open and still have to be saved. */
  private readonly left = new Set<string>();

  private latestVersion(draft: Draft): number | undefined {
    const known = [this.latestOf(draft).saved, this.versions.get(draft.id)].flatMap(saved => saved?.version ?? []);
    return known.length > 0 ? Math.max(...known) : undefined;
  }

  private latestOf(draft: Draft): Draft {
    const latest = this.here.latest();
    return latest?.id === draft.id ? latest : (this.here.kept(draft.id) ?? draft);
  }

  private isHeld({ id }: Draft): boolean {
    return this.over.has(id);
  }

  private isStopped(): boolean {
    return this.state.at === 'clash' || this.state.at === 'ended';
  }

  private alone(run: () => Promise<void>): Promise<void> {
    return (this.busy = this.busy.then(run, run));
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    if (this.isClosed) return;
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  /** Saves a draft later that is no longer open. */
  private leave({ id }: Draft): void {
    this.left.add(id);
    clearTimeout(this.leftTimer);
    if (!this.isClosed) this.leftTimer = setTimeout(() => this.saveLeft(), saveAgainMs);
  }

  private saveLeft(): void {
    const drafts = [...this.left].flatMap(id => this.here.kept(id) ?? []);
    this.left.clear();
    for (const draft of drafts)
      if (isShared(draft) && this.here.latest()?.id !== draft.id) void this.alone(() => this.save(draft));
  }

  private async ask(path: string, body: object): Promise<{ status: number; body: unknown }> {
    return this.api.answer('POST', path, body).catch(({ message }: Unanswered) => ({
      status: 0,
      body: { detail: message },
    }));
  }

  private async read(draft: Draft): Promise<SaveReply> {
    try {
      const { status, body } = await this.api.answer('GET', draftPath(draft));
      return status === 200 ? { reply: 'changed', theirs: body as SharedDraft } : saveReplyOf(status, body);
    } catch (error) {
      return { reply: 'failed', detail: (error as Error).message };
    }
  }

  private async save(asked: Draft): Promise<void> {
    // A saving before this one may have changed what the newsroom has.
    const draft = this.latestOf(asked);
    if (!isUnsaved(draft) || this.isHeld(draft)) return;
    this.here.put(draft.id, { pending: withPending(draft) });
    this.learn(draft, await saveDraft(draft, this.api));
  }

  /** Applies an answer about a draft as it was sent. More may have been typed since. */
  private learn(sent: Draft, reply: SaveReply): void {
    const open = this.here.latest();
    const isOpen = open?.id === sent.id;
    if (reply.reply === 'saved') {
      const holder = sent.saved?.holder ?? this.here.me;
      const saved = { ...sent.saved, version: reply.version, value: sent.value, holder };
      this.versions.set(sent.id, saved);
      this.here.put(sent.id, { saved, pending: undefined });
      if (isOpen) this.after({ ...open, saved });
    } else if (this.isHeld(sent)) return;
    else if (!isOpen) {
      // A clash waits until the draft is opened.
      if (reply.reply === 'failed' && !reply.refused) this.leave(sent);
    } else if (reply.reply === 'changed') this.join(open, reply.theirs);
    else if (reply.reply === 'ended') this.tell({ at: 'ended', ended: reply.ended });
    else {
      this.tell({ at: 'failed', detail: reply.detail });
      this.schedule(saveAgainMs);
    }
  }

  private join(draft: Draft, theirs: SharedDraft): void {
    const known = draft.saved?.version ?? 0;
    const saved = savedOf(theirs);
    if (theirs.version === known) {
      this.here.put(draft.id, { saved });
      return this.after({ ...draft, saved });
    }
    // The answer to one of this browser's own savings was lost. What was typed since builds on it.
    const isOwn = pendingOf(draft).some(value => isSame(value, saved.value));
    const both = isOwn ? { value: draft.value } : joined(draft, theirs);
    if ('clash' in both) return this.tell({ at: 'clash', theirs });
    const left = isUnsaved(draft) ? draft.left : copyOf(draft.story, theirs).left;
    const changes = { value: both.value, saved, pending: undefined, ...(left && { left }) };
    this.here.put(draft.id, changes);
    if (!isOwn) this.here.onJoined(theirs.by);
    this.after({ ...draft, ...changes });
  }

  private after(draft: Draft): void {
    this.tell({ at: isUnsaved(draft) ? 'here' : 'saved' });
    if (isUnsaved(draft)) this.schedule(saveAfterMs);
  }

  private tell(state: SharedState): void {
    this.state = state;
    this.here.tell(state);
  }
}
