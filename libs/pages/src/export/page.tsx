import { directionOf } from '#domain/language';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { renderToString } from 'preact-render-to-string';
import { asset, assetsFolder } from '../assets.js';
import type { Brand } from '../brand.js';
import { withLinksTo } from '../embed/links.js';
import { Days } from '../entry/days.js';
import { Entry } from '../entry/entry.js';
import { RecordedTime } from '../entry/facts.js';
import { showable } from '../html.js';
import { KindIcons } from '../kinds.js';
import { links } from '../links.js';
import { Then, type Asked } from '../moment/form.js';
import { zonePlace } from '../occurred.js';
import { pageContext, PageContextProvider, type StoryContext } from '../page-context.js';
import { Headline } from '../reader/headline.js';
import { KeyPoints } from '../reader/key-points.js';
import type { EntryView, HeaderView, KeyPointView, StoryPage } from '../view.js';
import { pageWords } from '../words/page-words.js';

/** The data of a story's export. */
export interface ExportProps {
  readonly story: StoryPage;
  /** The versions of its header, the current one first. */
  readonly headers: readonly HeaderView[];
  readonly points: readonly KeyPointView[];
  /** Newest first. */
  readonly entries: readonly EntryView[];
  /** How many more there are, which the export leaves out. */
  readonly more: number;
  /** The moment to show it at; undefined for now. */
  readonly asked: Asked | undefined;
  readonly kinds: StoryContext['kinds'];
  /** The public base URL, without a final slash, to which links lead. */
  readonly base: string;
  readonly brand: Brand;
  /** Whether pictures are beside the page, at addresses without a host. */
  readonly inFolder?: boolean;
}

/**
/**
 * A file may be opened from any folder: it holds all that it needs, and runs nothing. Pictures and recordings alone are loaded: from us, so
 * that one that was taken down is in no copy. A folder has its pictures beside the page. Browsers do not count files as 'self'.
 */
const policyWith = (base: string, inFolder = false) => {
  const { origin } = new URL(base);
  return `default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data: ${inFolder ? `'self' file: ` : ''}${origin}; media-src ${origin}`;
};

let style: string | undefined;

/** The pages' style sheet with its fonts in it. */
function wholeStyle(): string {
  const file = (name: string) => readFileSync(join(assetsFolder(), basename(name)));
  style ??= file(asset('style').url)
    .toString()
    .replace(
      /url\(["']?([^"')]+\.woff2)["']?\)/g,
      (_, name: string) => `url(data:font/woff2;base64,${file(name).toString('base64')})`,
    );
  return style;
}

function Export({ story, headers, points, entries, more, asked, brand }: ExportProps) {
  const value = pageContext({ story: story.id, language: story.language, zone: story.zone, kinds: {} });
  const { words } = value;
  const { status, recorded, position } = story;
  return (
    <>
      <header class="masthead">
        <p class="wordmark">{brand.name}</p>
        <p id="zone" class="hint">
          {words.zoneOfStory(zonePlace(story.zone))}
        </p>
      </header>
      <main id="content">
        <KindIcons of={entries.map(({ kind }) => kind)} />
        <header class="story">
          <p class="status">{status === 'open' ? words.live : words.closed}</p>
          <Headline headers={headers} />
          <p class="last">
            {words.lastChange}: <RecordedTime recorded={recorded} />
          </p>
          {asked && <Then asked={asked} now={links.story(story.id)} />}
        </header>
        {points.length > 0 && (
          <section class="points" aria-label={words.known}>
            <KeyPoints points={points} />
          </section>
        )}
        <h2 class="unseen">{words.updates}</h2>
        <Days entries={entries} item={entry => <Entry entry={entry} />} />
        {more > 0 && (
          <p>
            <a href={links.story(story.id)}>{pageWords(words).history.more(more)}</a>
          </p>
        )}
      </main>
      <footer class="foot">
        <p>
          <a href={links.story(story.id)}>{pageWords(words).embed.wholeStory}</a>
        </p>
        <p>{words.replayable(position)}</p>
      </footer>
    </>
  );
}

/** Renders a story as one HTML file that needs no server: all styles and fonts are in it. */
export function renderExport(props: ExportProps): string {
  const { story, kinds, base, brand, inFolder } = props;
  const value = pageContext({ story: story.id, language: story.language, zone: story.zone, kinds, brand });
  return withLinksTo(base, () =>
    showable(
      `<!doctype html>${renderToString(
        <html lang={value.words.tag} dir={directionOf(story.language)}>
          <head>
            <meta charset="utf-8" />
            <meta http-equiv="Content-Security-Policy" content={policyWith(base, inFolder)} />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <title>{story.title}</title>
            <link rel="icon" href="data:," />
            <style dangerouslySetInnerHTML={{ __html: wholeStyle() }} />
          </head>
          <body>
            <PageContextProvider.Provider value={value}>
              <Export {...props} />
            </PageContextProvider.Provider>
          </body>
        </html>,
      )}`,
    ),
  );
}
