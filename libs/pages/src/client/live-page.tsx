import { render, type ComponentChildren } from 'preact';
import { pageContext, PageContextProvider, type PageContext } from '../page-context.js';
import { Entry } from '../entry/entry.js';
import { Fate } from '../entry/facts.js';
import { titleOf } from '../entry/state.js';
import { links } from '../links.js';
import { Headline } from '../reader/headline.js';
import { KeyPoints } from '../reader/key-points.js';
import { KeyEvents, LastChange, Pinned } from '../reader/parts.js';
import { keyEventOf, linkTitlesOf, passes, withFates, type KeyEvent, type ReaderState } from '../reader/state.js';
import type { ChangeView, EntryView } from '../view.js';
import { capitalised } from '../wording.js';
import { Offer } from './offer.js';
import { forgetStructured, retitle } from './reload.js';
import { headDays, readersTime } from './times.js';

const byId = <Found extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as Found | null;

/** Marks whether the pinned update is longer than the lines that a narrow screen shows of it, so that it can be unfolded. */
export function markFolded(): void {
  const shown = byId('pinned-entry');
  if (!shown || byId<HTMLInputElement>('pinned-all')?.checked) return;
  byId('pinned')!.classList.toggle('is-short', shown.scrollHeight <= shown.clientHeight);
}

/** Events that are announced to screen readers. */
const announced = ['DevelopmentCorrected', 'DevelopmentRetracted'];

/** Events that bring an update that readers could not see before. */
const arrivals = ['DevelopmentRecorded', 'EmbargoLifted'];

/** The most updates that an open page lists. Beyond that, the offer of new ones leads to the page as the server renders it then. */
const mostListed = 500;

/** The most new updates whose headlines are read out; for more, only their number is. */
const mostRead = 3;

/** The open page, updated change by change. */
export class LivePage {
  readonly context: PageContext;
  private readonly offer: Offer;
  private keyEvents: readonly KeyEvent[];
  private pinned: string | null;
  private readonly written = new WeakSet<Element>();

  constructor(private readonly state: ReaderState) {
    this.context = pageContext({ ...state, ...readersTime() });
    this.keyEvents = state.keyEvents;
    this.pinned = state.pinned;
    this.offer = new Offer(byId<HTMLAnchorElement>('offer')!, this.context.words, entries => this.show(entries));
  }

  apply(change: ChangeView): void {
    forgetStructured();
    this.othersAfter(change);
    const came = new Set(change.acts.filter(({ act }) => arrivals.includes(act)).map(({ development }) => development));
    for (const entry of change.entries) this.place(entry, came.has(entry.id));
    const shown = this.offer.mayShow && this.isAtTop() ? this.offer.taken() : [];
    this.insert(shown);
    this.keyEventsAfter(change);
    this.announce(change, shown);
    if (change.headers) this.headlineAfter(change.headers);
    if (change.keyPoints) this.pointsAfter(change.keyPoints);
    this.put(byId('last'), <LastChange change={change} />);
    byId('position')!.textContent = this.context.words.replayable(change.position);
    const status = byId('status');
    if (!change.status || !status) return;
    this.continuesIn(change.continues);
    status.className = `live is-${change.status}`;
    status.textContent = change.status === 'open' ? this.context.words.live : this.context.words.closed;
  }

  /** Updates what a change alters in other updates, whether shown or waiting: the outcomes of conditions, and the titles of links. */
  private othersAfter({ entries, conditions = {} }: ChangeView): void {
    for (const [id, condition] of Object.entries(conditions))
      for (const shown of document.querySelectorAll(`[data-condition="${CSS.escape(id)}"]`))
        shown.replaceWith(this.elementOf(<Fate id={id} {...condition} />));
    const titles = linkTitlesOf(entries, this.context.words);
    for (const [id, said] of titles)
      for (const link of document.querySelectorAll(`.links [data-goto="${CSS.escape(links.anchor(id))}"]`))
        // The list and the text node stay, because Preact may have made them and changes them later.
        if (said) link.firstChild!.nodeValue = capitalised(said.title);
        else link.closest('li')!.remove();
    this.offer.update(conditions, titles);
  }

  /** Updates an entry that the page shows; a new one waits in the offer. */
  private place(entry: EntryView, isNew: boolean): void {
    const item = byId(links.anchor(entry.id));
    if (item) {
      this.put(item, <Entry entry={entry} />);
      item.classList.add('is-fresh');
    } else if (this.offer.has(entry.id) || (isNew && passes(this.state.filter, entry))) this.offer.put(entry);
    if (!entry.pinned && this.pinned !== entry.id) return;
    this.pinned = entry.pinned ? entry.id : null;
    this.put(byId('pinned-entry'), <Pinned entry={entry.pinned ? entry : null} />);
    byId('pinned')!.hidden = !entry.pinned;
    markFolded();
  }

  /** The link to the story in which the coverage goes on, if any. */
  private continuesIn(story: string | undefined): void {
    const shown = byId('continues');
    if (!shown) return;
    shown.hidden = story === undefined;
    if (story === undefined) return;
    const link = shown.querySelector('a')!;
    link.href = links.story(story);
    link.textContent = this.context.words.continues;
  }

  private headlineAfter(headers: NonNullable<ChangeView['headers']>): void {
    this.put(byId('headline'), <Headline headers={headers} />);
    retitle(headers[0]?.title ?? this.context.words.noHeadline);
  }

  private pointsAfter(points: NonNullable<ChangeView['keyPoints']>): void {
    const shown = byId('points');
    this.put(shown, <KeyPoints points={points} />);
    if (shown) shown.hidden = points.length === 0;
  }

  private keyEventsAfter({ entries, conditions = {} }: ChangeView): void {
    const changed = new Set(entries.map(({ id }) => id));
    const before = withFates(this.keyEvents, conditions).filter(({ id }) => !changed.has(id));
    const now = entries.filter(({ key, status }) => key && status === 'active').map(keyEventOf);
    this.keyEvents = [...before, ...now].sort((a, b) => (a.recorded < b.recorded ? 1 : -1));
    const shown = byId('keys');
    this.put(shown, <KeyEvents events={this.keyEvents} />);
    shown?.closest('section')!.toggleAttribute('hidden', this.keyEvents.length === 0);
  }

  /**
   * Whether the place for new updates is on the screen and nothing below the list's heading has the focus, is selected or is unfolded,
   * so that inserting disturbs no one.
   */
  private isAtTop(): boolean {
    const { order, grows } = this.state;
    const list = byId('timeline')!;
    const selection = getSelection();
    return (
      grows &&
      order === 'newest' &&
      byId('updates-title')!.getBoundingClientRect().top >= 0 &&
      list.getBoundingClientRect().top < innerHeight &&
      !list.querySelector(':focus-visible, details[open]') &&
      (!selection || selection.isCollapsed || !selection.containsNode(list, true)) &&
      this.hasRoom()
    );
  }

  private hasRoom(): boolean {
    return byId('timeline')!.childElementCount < mostListed;
  }

  /** Shows new updates at the reader's request. `null`: more have arrived than the page keeps. */
  private show(entries: readonly EntryView[] | null): void {
    const { grows } = this.state;
    if (!entries || !grows || !this.hasRoom()) location.assign(byId<HTMLAnchorElement>('offer')!.href);
    else this.insert(entries)?.focus();
  }

  /** Returns the first inserted element. */
  private insert(entries: readonly EntryView[]): HTMLElement | undefined {
    const list = byId('timeline')!;
    const items = entries.map(entry => {
      const item = document.createElement('li');
      item.id = links.anchor(entry.id);
      item.className = 'is-fresh';
      item.tabIndex = -1;
      this.put(item, <Entry entry={entry} />);
      return item;
    });
    const newest = this.state.order === 'newest';
    if (newest) list.prepend(...items.toReversed());
    else list.append(...items);
    headDays(list, this.context.times);
    return newest ? items.at(-1) : items[0];
  }

  private announce({ acts, entries }: ChangeView, shown: readonly EntryView[]): void {
    const { words } = this.context;
    const changed = acts.flatMap(({ act, development }) => {
      const entry = entries.find(({ id }) => id === development);
      return entry && announced.includes(act) ? [titleOf(entry, words)] : [];
    });
    const isNew =
      shown.length > mostRead
        ? [words.offer(shown.length)]
        : shown.map(entry => words.labelled(words.acts.DevelopmentRecorded, titleOf(entry, words)));
    const texts = [...isNew, ...changed];
    if (texts.length > 0) byId('told')!.textContent = texts.join(' ');
  }

  private put(where: Element | null, what: ComponentChildren): void {
    if (!where) return;
    // Keep what the server rendered for an update, and the reader's focus in it; replace anything else.
    if (!this.written.has(where) && !(where instanceof HTMLLIElement)) where.replaceChildren();
    this.written.add(where);
    render(<PageContextProvider.Provider value={this.context}>{what}</PageContextProvider.Provider>, where);
  }

  private elementOf(what: ComponentChildren): Element {
    const holder = document.createElement('div');
    this.put(holder, what);
    return holder.firstElementChild!;
  }
}
