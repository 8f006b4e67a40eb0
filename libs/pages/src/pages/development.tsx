import { usePageContext } from '../page-context.js';
import { Entry } from '../entry/entry.js';
import { KindIcons } from '../kinds.js';
import { Frame } from '../frame.js';
import { links } from '../links.js';
import { Then, type Asked } from '../moment/form.js';
import type { Elsewhere } from '../reader/page.js';
import type { EntryView, StoryPage } from '../view.js';

/** The data of an update's page. */
export interface DevelopmentPageProps {
  readonly story: StoryPage;
  readonly entry: EntryView;
  /** Its address on the story's page. */
  readonly inStory: string;
  /** The moment to show it at; undefined for now. */
  readonly asked: Asked | undefined;
  readonly elsewhere: Elsewhere & {
    /** The start of its text. */
    readonly summary: string;
    /** When it last changed in any way: ISO 8601, UTC. */
    readonly modified: string;
  };
}

/** The page of one update. */
export function DevelopmentPage({ story, entry, inStory, asked }: DevelopmentPageProps) {
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
        <Entry entry={entry} standalone />
        <p>
          <a href={inStory}>{words.readInStory}</a>
        </p>
      </div>
    </Frame>
  );
}
