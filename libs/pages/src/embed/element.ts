import { pause, patienceMs, type Loaded } from '#client';
import { inTime } from '../client/in-time.js';
import { embedStyle, fragmentStep, placeOf, type Place } from './address.js';
import { Feeds, isBehind, type Member } from './feeds.js';
import { keepPlayers, linkWhereForbidden } from './players.js';
import { Refresh } from './refresh.js';

// The script for other sites' pages. It renders nothing itself: it loads the fragment that the server renders, again whenever the story
// changes, and puts it into a shadow tree, where the page's own style sheets change nothing.

/** How often an element that shows nothing of ours yet tries to load it; half the pause before the second try, in milliseconds. */
const mostTries = 5;
const againMs = 1_000;

const feeds = new Feeds();

interface Policies {
  createPolicy(name: string, rules: { createHTML: (html: string) => string }): { createHTML(html: string): string };
}
/** A page may demand that HTML comes from a named policy: ours is called "dateline". */
const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
const policy = policies?.createPolicy('dateline', { createHTML: html => html }) ?? {
  createHTML: (html: string) => html,
};

const sheets = new Map<string, Promise<CSSStyleSheet>>();

/** The style sheet as an object, which no page's content security policy refuses. */
function sheetOf(base: string): Promise<CSSStyleSheet> {
  const loaded = sheets.get(base) ?? loadSheet(base + embedStyle);
  sheets.set(base, loaded);
  loaded.catch(() => sheets.delete(base));
  return loaded;
}

async function loadSheet(url: string): Promise<CSSStyleSheet> {
  const response = await fetch(url, { credentials: 'omit', signal: AbortSignal.timeout(patienceMs) });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new CSSStyleSheet().replace(await response.text());
}

/** The content of a fragment; null if readers have no such page (any more). */
async function contentOf(page: string, signal: AbortSignal): Promise<HTMLElement | null> {
  const url = page + fragmentStep;
  const response = await fetch(url, { signal: inTime(signal), credentials: 'omit', cache: 'no-cache' });
  if (response.status === 404 || response.status === 410) return null;
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const html = policy.createHTML(await response.text());
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const content = parsed.querySelector('template')?.content.querySelector<HTMLElement>('.dateline');
  if (!content) throw new Error(`${url} is not a fragment.`);
  return document.importNode(content, true);
}

const loadedOf = ({ dataset: { position, rewrites } }: HTMLElement): Loaded => ({
  position: Number(position),
  rewrites: rewrites === undefined ? undefined : Number(rewrites),
});

/** The only update that a page of ours shows. */
const updateIn = (place: Place | undefined): string | undefined =>
  place && 'development' in place.shows ? place.shows.development : undefined;

/** Shows what the page holds between the tags. */
const empty = (root: ShadowRoot): void => root.replaceChildren(document.createElement('slot'));

/** Shows a page of ours, named by `src`, and keeps it up to date while it is in the document. */
class Embedded extends HTMLElement {
  static readonly observedAttributes = ['src'];
  private session: AbortController | undefined;

  connectedCallback(): void {
    this.begin();
  }
  disconnectedCallback(): void {
    this.session?.abort();
  }
  attributeChangedCallback(_name: string, before: string | null, now: string | null): void {
    // Before the element is first in the document there is nothing to end.
    if (before === now || !this.session) return;
    if (this.shadowRoot) empty(this.shadowRoot);
    if (this.isConnected) this.begin();
  }

  private begin(): void {
    this.session?.abort();
    const { signal } = (this.session = new AbortController());
    const place = placeOf(this.getAttribute('src') ?? '', document.baseURI);
    // Without an address of ours, what the page holds between the tags remains.
    if (place) void new Shown(this, place, signal).start();
  }
}

/** One page of ours that an element shows, until the signal is aborted. */
class Shown implements Member {
  private readonly root: ShadowRoot;
  private readonly refresh: Refresh;
  /** What the content must not be behind. */
  private wanted: Loaded = { position: 0 };

  constructor(
    element: HTMLElement,
    private readonly place: Place,
    private readonly signal: AbortSignal,
  ) {
    this.root = element.shadowRoot ?? this.rootOf(element);
    this.refresh = new Refresh(
      () => this.load(),
      () => !this.isBehind,
      signal,
    );
    linkWhereForbidden(this.root, place.page, signal);
  }

  /** Attaches a shadow tree that shows what the page holds between the tags until there is something newer. */
  private rootOf(element: HTMLElement): ShadowRoot {
    const root = element.attachShadow({ mode: 'open' });
    // A browser without declarative shadow trees leaves the template as it is.
    const declared = element.querySelector<HTMLTemplateElement>(':scope > template[shadowrootmode]');
    root.append(declared?.content ?? document.createElement('slot'));
    declared?.remove();
    return root;
  }

  private get content(): HTMLElement | null {
    return this.root.querySelector('.dateline');
  }

  async start(): Promise<void> {
    for (let tries = 0; !this.content && tries < mostTries && !this.signal.aborted; tries++) {
      if (tries > 0) await pause(againMs * 2 ** tries, this.signal);
      if ((await this.load()) === null) return;
    }
    const { content } = this;
    if (!content || this.signal.aborted) return;
    void sheetOf(this.place.base).then(
      sheet => this.dress(sheet),
      () => undefined,
    );
    const leave = feeds.join(this.place, loadedOf(content), this);
    this.signal.addEventListener('abort', leave);
  }

  get concerns(): ReadonlySet<string> | undefined {
    const own = updateIn(this.place);
    if (own === undefined) return undefined;
    const linked = [...this.root.querySelectorAll('a')].map(({ href }) => updateIn(placeOf(href)));
    return new Set([own, ...linked.filter(id => id !== undefined)]);
  }

  reach(wanted: Loaded): void {
    this.wanted = wanted;
    this.refresh.begin();
  }

  retry(): void {
    if (this.isBehind) this.refresh.begin();
  }

  private get isBehind(): boolean {
    return this.content !== null && isBehind(loadedOf(this.content), this.wanted);
  }

  /** Whether a cache gave what is older than what is shown, and than what is wanted. */
  private isOlder(content: HTMLElement): boolean {
    const loaded = loadedOf(content);
    return this.content !== null && isBehind(loaded, loadedOf(this.content)) && isBehind(loaded, this.wanted);
  }

  /** Loads the content and shows it. Resolves to null if there is none; keeps what is shown if it cannot be loaded now. */
  private async load(): Promise<HTMLElement | null | undefined> {
    try {
      const [content, sheet] = await Promise.all([contentOf(this.place.page, this.signal), sheetOf(this.place.base)]);
      if (this.signal.aborted || (content && this.isOlder(content))) return undefined;
      if (content) {
        keepPlayers(this.root, content);
        this.root.replaceChildren(content);
        this.dress(sheet);
      } else empty(this.root);
      return content;
    } catch {
      return undefined;
    }
  }

  private dress(sheet: CSSStyleSheet): void {
    if (!this.root.adoptedStyleSheets.includes(sheet)) this.root.adoptedStyleSheets = [sheet];
    this.root.querySelector('link[rel=stylesheet]')?.remove();
  }
}

for (const name of ['dateline-story', 'dateline-update', 'dateline-state'])
  if (!customElements.get(name)) customElements.define(name, class extends Embedded {});
