import { useAround } from '../around.js';
import { Entry } from '../entry/entry.js';
import { KindIcons } from '../entry/icons.js';
import { Frame } from '../frame.js';
import { links } from '../links.js';
import type { EntryView, StoryPage } from '../view.js';

export interface DevelopmentPageProps {
  readonly story: StoryPage;
  readonly entry: EntryView;
  /** Where it stands among the others. */
  readonly inStory: string;
}

/** One update at an address of its own. */
export function DevelopmentPage({ story, entry, inStory }: DevelopmentPageProps) {
  const { words, told } = useAround();
  return (
    <Frame here="other" position={story.position}>
      <KindIcons />
      <header class="story is-small">
        <h1 {...told}>
          <a href={links.story(story.id)}>{story.title}</a>
        </h1>
      </header>
      <div class="single">
        <Entry entry={entry} standalone />
        <p>
          <a href={inStory}>{words.readInStory}</a>
        </p>
      </div>
    </Frame>
  );
}
