import { embedStyle, fragmentStep, placeOf, type Place } from './address.js';
import { Feeds, type Member } from './feeds.js';
import { keepPlayers, linkWhereForbidden } from './players.js';

// The script for other sites' pages. It renders nothing itself: it loads the fragment that the server renders, again whenever the story
// changes, and puts it into a shadow tree, where the page's own style sheets change nothing.

/** How often a fragment that is older than the change that was announced is loaded again: a cache may hold the old one for a while. */
const mostTries = 5;
const againMs = 1_000;
/** Readers of one page load a changed fragment within this time, not all at once. */
const spreadMs = 300;

const feeds = new Feeds();
const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

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
  const response = await fetch(url, { credentials: 'omit' });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new CSSStyleSheet().replace(await response.text());
}

/** The content of a fragment; null if readers have no such page (any more). */
async function contentOf(page: string, signal: AbortSignal): Promise<HTMLElement | null> {
  const url = page + fragmentStep;
  const response = await fetch(url, { signal, credentials: 'omit', cache: 'no-cache' });
  if (response.status === 404 || response.status === 410) return null;
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const html = policy.createHTML(await response.text());
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const content = parsed.querySelector('template')?.content.querySelector<HTMLElement>('.dateline');
  if (!content) throw new Error(`${url} is not a fragment.`);
  return document.importNode(content, true);
}

const positionOf = (content: HTMLElement) => Number(content.dataset.position);

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
    if (this.isConnected && before !== null && before !== now) this.begin();
  }

  private begin(): void {
    this.session?.abort();
    const place = placeOf(this.getAttribute('src') ?? '', document.baseURI);
    // Without an address of ours, what the page holds between the tags remains.
    if (!place) return;
    const { signal } = (this.session = new AbortController());
    void new Shown(this, place, signal).start();
  }
}

/** One page of ours that an element shows, until the signal is aborted. */
class Shown implements Member {
  private readonly root: ShadowRoot;
  private loading = false;
  /** The position that the content must have reached. */
  private wanted = 0;

  constructor(
    element: HTMLElement,
    private readonly place: Place,
    private readonly signal: AbortSignal,
  ) {
    this.root = element.shadowRoot ?? this.rootOf(element);
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
      if (tries > 0) await wait(againMs * 2 ** tries);
      if ((await this.load()) === null) return;
    }
    const { content } = this;
    if (!content || this.signal.aborted) return;
    void sheetOf(this.place.base).then(
      sheet => this.dress(sheet),
      () => undefined,
    );
    const { position, rewrites } = content.dataset;
    const loaded = { position: Number(position), ...(rewrites !== undefined && { rewrites: Number(rewrites) }) };
    const leave = feeds.join(this.place, loaded, this);
    this.signal.addEventListener('abort', leave);
  }

  get concerns(): string | undefined {
    return 'development' in this.place.shows ? this.place.shows.development : undefined;
  }

  /** The story has changed at this position: loads the content again, unless it has it. */
  reach(position: number): void {
    this.wanted = Math.max(this.wanted, position);
    if (!this.loading) void this.catchUp();
  }

  private async catchUp(): Promise<void> {
    this.loading = true;
    await wait(Math.random() * spreadMs);
    for (let tries = 0; tries < mostTries && !this.signal.aborted; tries++) {
      if (tries > 0) await wait(againMs * tries);
      await this.load();
      if (!this.content || positionOf(this.content) >= this.wanted) break;
    }
    this.loading = false;
  }

  /** Loads the content and shows it. Resolves to null if there is none; keeps what is shown if it cannot be loaded now. */
  private async load(): Promise<HTMLElement | null | undefined> {
    try {
      const [content, sheet] = await Promise.all([contentOf(this.place.page, this.signal), sheetOf(this.place.base)]);
      if (this.signal.aborted) return undefined;
      if (content) {
        keepPlayers(this.root, content);
        this.root.replaceChildren(content);
        this.dress(sheet);
      } else this.root.replaceChildren(document.createElement('slot'));
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
