import { usePageContext } from '../page-context.js';
import { Entry } from '../entry/entry.js';
import { RecordedTime } from '../entry/facts.js';
import { KindIcons } from '../kinds.js';
import { Frame } from '../frame.js';
import { links } from '../links.js';
import { Then, type Asked } from '../moment/form.js';
import type { Elsewhere } from '../reader/page.js';
import type { EntryView, StoryPage } from '../view.js';
import { capitalised } from '../wording.js';

/** The data of an update's page. */
export interface DevelopmentPageProps {
  readonly story: StoryPage;
  readonly entry: EntryView;
  /** Its address on the story's page. */
  readonly inStory: string;
  /** The updates before and after it in the story, at that moment; null at an end. */
  readonly before: Neighbour | null;
  readonly after: Neighbour | null;
  /** The title of the update that replaced it. */
  readonly replacedBy: string | undefined;
  /** The moment to show it at; undefined for now. */
  readonly asked: Asked | undefined;
  readonly elsewhere: Elsewhere & {
    /** The start of its text. */
    readonly summary: string;
    /** When it last changed in any way: ISO 8601, UTC. */
    readonly modified: string;
  };
}

/** Another update of the story, in one line. */
export interface Neighbour extends Pick<EntryView, 'id' | 'recorded'> {
  /** Its headline with labels. */
  readonly title: string;
}

function Neighbours({ before, after }: Pick<DevelopmentPageProps, 'before' | 'after'>) {
  const { words, story, storyLanguage } = usePageContext();
  const shown = [
    { label: words.earlierUpdate, rel: 'prev', to: before },
    { label: words.laterUpdate, rel: 'next', to: after },
  ];
  if (!before && !after) return null;
  return (
    <nav class="neighbours" aria-label={words.updates}>
      {shown.map(
        ({ label, rel, to }) =>
          to && (
            <a key={rel} rel={rel} href={links.development(story, to.id)}>
              <span class="hint">
                {label}, <RecordedTime recorded={to.recorded} />
              </span>
              <strong {...storyLanguage}>{capitalised(to.title)}</strong>
            </a>
          ),
      )}
    </nav>
  );
}

/** The page of one update. */
export function DevelopmentPage({ story, entry, inStory, asked, before, after, replacedBy }: DevelopmentPageProps) {
  const { words, storyLanguage } = usePageContext();
  return (
    <Frame here="other" position={story.position}>
      <KindIcons />
      <header class="story is-small">
        <h1 {...storyLanguage}>
          <a href={links.story(story.id)}>{story.title}</a>
        </h1>
      </header>
      {asked && <Then asked={asked} now={links.development(story.id, entry.id)} />}
      <div class="single">
        <Entry entry={entry} standalone replacedBy={replacedBy} />
        <p>
          <a href={inStory}>{words.readInStory}</a>
        </p>
        <Neighbours before={before} after={after} />
      </div>
    </Frame>
  );
}
