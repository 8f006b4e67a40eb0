import { ActorPage, type ActorPageProps } from './actor/page.js';
import type { Brand } from './brand.js';
import { pageContext, PageContextProvider, type StoryContext } from './page-context.js';
import { renderDocument, type DocumentHead } from './document.js';
import { HistoryPage, type HistoryPageProps } from './history/page.js';
import { titleOf } from './entry/state.js';
import { directionOf } from '#domain/language';
import { DevelopmentPage, type DevelopmentPageProps } from './pages/development.js';
import { ProblemPage, problemTitle } from './pages/problem.js';
import { SearchPage, type SearchPageProps } from './pages/search.js';
import { StoriesPage, type StoriesPageProps } from './pages/stories.js';
import { ReaderPage, type Elsewhere, type ReaderPageProps } from './reader/page.js';
import { isolated } from '#domain/bidi';
import type { StoryPage } from './view.js';
import { capitalised } from './wording.js';
import { wordsFor } from './words/index.js';
import type { ComponentChildren } from 'preact';
import { pageWords } from './words/page-words.js';

type Extras = Omit<DocumentHead, 'title' | 'language' | 'dir' | 'brand'>;

/** The head and body of a page, before its bundles are known. */
export interface Parts {
  readonly head: DocumentHead;
  readonly body: ComponentChildren;
}

function partsInStory(context: StoryContext, title: string, extras: Extras, body: ComponentChildren): Parts {
  const value = pageContext(context);
  const head = {
    title,
    language: value.words.tag,
    dir: directionOf(context.language),
    brand: context.brand,
    ...extras,
  };
  return { head, body: <PageContextProvider.Provider value={value}>{body}</PageContextProvider.Provider> };
}

function inStory(...page: Parameters<typeof partsInStory>): string {
  const { head, body } = partsInStory(...page);
  return renderDocument(head, body);
}

const outside = (
  title: string,
  body: ComponentChildren,
  brand: Brand | undefined,
  extras: Extras = { script: 'plain' },
): string => inStory({ story: '', language: null, zone: 'UTC', kinds: {}, brand }, title, extras, body);

const summary = ({ summary }: StoryPage) => summary ?? undefined;

/** Metadata for crawlers and previews: the page's address, the story's feeds, and the preview. */
const shared = (
  story: StoryPage,
  { page, feeds, image }: Elsewhere,
  brand: Brand | undefined,
  title: string,
  description: string | undefined,
  type: 'article' | 'profile' | 'website' = 'article',
) => (
  <>
    <link rel="canonical" href={page} />
    {feeds.map(({ uri, type }) => (
      <link rel="alternate" type={type} href={uri} title={story.title} />
    ))}
    <meta property="og:type" content={type} />
    <meta property="og:title" content={title} />
    <meta property="og:url" content={page} />
    {brand && <meta property="og:site_name" content={brand.name} />}
    {description && <meta property="og:description" content={description} />}
    {image && (
      <>
        <meta property="og:image" content={image.href} />
        <meta property="og:image:width" content={String(image.width)} />
        <meta property="og:image:height" content={String(image.height)} />
        {image.alt && <meta property="og:image:alt" content={image.alt} />}
      </>
    )}
    <meta name="twitter:card" content={image ? 'summary_large_image' : 'summary'} />
  </>
);

/** Renders the live blog as HTML. */
export const renderStory = (props: ReaderPageProps, brand?: Brand): string => {
  const { story, state, elsewhere } = props;
  const description = summary(story);
  const more = shared(story, elsewhere, brand, story.title, description);
  const extras = { description, script: 'reader', state, more, jsonLd: [elsewhere.jsonLd] };
  return inStory({ ...state, brand }, story.title, extras, <ReaderPage {...props} />);
};

/** The head and body of an update's page. */
export const developmentParts = (props: DevelopmentPageProps & Pick<StoryContext, 'kinds' | 'brand'>): Parts => {
  const { story, entry, kinds, elsewhere, asked, brand } = props;
  const context = { story: story.id, language: story.language, zone: story.zone, kinds, brand };
  const title = titleOf(entry, wordsFor(story.language));
  const description = elsewhere.summary;
  const more = (
    <>
      {shared(story, elsewhere, brand, title, description)}
      <meta property="article:published_time" content={entry.recorded} />
      <meta property="article:modified_time" content={elsewhere.modified} />
    </>
  );
  // Structured data describes the present, so pages of the past have none.
  const jsonLd = asked ? [] : [elsewhere.jsonLd];
  const extras = { description, script: 'plain', more, jsonLd };
  return partsInStory(context, `${isolated(title)} – ${isolated(story.title)}`, extras, <DevelopmentPage {...props} />);
};

/** Renders an update's page as HTML. */
export const renderDevelopment = (props: Parameters<typeof developmentParts>[0]): string => {
  const { head, body } = developmentParts(props);
  return renderDocument(head, body);
};

/** Renders an actor's page as HTML. */
export const renderActor = (props: ActorPageProps & Pick<StoryContext, 'kinds' | 'brand'>): string => {
  const { story, actor, kinds, elsewhere, asked, brand } = props;
  const context = { story: story.id, language: story.language, zone: story.zone, kinds, brand };
  const title = pageWords(wordsFor(story.language)).actor.title(
    isolated(capitalised(actor.name)),
    isolated(story.title),
  );
  const description = actor.description ?? undefined;
  const more = shared(story, elsewhere, brand, title, description, actor.kind === 'person' ? 'profile' : 'website');
  // Structured data describes the present, so pages of the past have none.
  const jsonLd = asked ? [] : [elsewhere.jsonLd];
  return inStory(context, title, { description, script: 'plain', more, jsonLd }, <ActorPage {...props} />);
};

/** Renders the time machine as HTML. */
export const renderHistory = (props: HistoryPageProps & Pick<StoryContext, 'kinds' | 'brand'>): string => {
  const { story, kinds, clock, moments, other, brand } = props;
  const context = { story: story.id, language: story.language, zone: story.zone, kinds, brand };
  const state = { ...context, kinds: undefined, brand: undefined, clock, moments, other };
  const title = pageWords(wordsFor(story.language)).history.title(isolated(story.title));
  return inStory(context, title, { script: 'history', state }, <HistoryPage {...props} />);
};

/** Renders the list of stories as HTML. */
export const renderStories = (props: StoriesPageProps, brand?: Brand): string =>
  outside(wordsFor(null).allStories, <StoriesPage {...props} />, brand);

/** Renders the page of a search as HTML. */
export const renderSearch = (props: SearchPageProps, brand?: Brand): string =>
  outside(pageWords(wordsFor(null)).search.title(isolated(props.words)), <SearchPage {...props} />, brand);

/** Renders the page for an error as HTML. */
export const renderProblem = (status: number, detail?: string, brand?: Brand): string =>
  outside(problemTitle(status), <ProblemPage status={status} detail={detail} />, brand, {});
