import { pathTo } from '#client';
import { useEffect, useState } from 'preact/hooks';
import { readersApi } from '../follow.js';

/** Leads from a closed story to the desk of the story in which its coverage goes on. `reader`: the address of the readers’ API. */
export function Continues({ story, reader }: { story: string; reader: string }) {
  const [title, setTitle] = useState<string>();
  useEffect(() => {
    setTitle(undefined);
    let over = false;
    // The story may not exist yet: its id is shown then.
    readersApi(reader)
      .story(story)
      .then(
        ({ title }) => over || setTitle(title),
        () => undefined,
      );
    return () => {
      over = true;
    };
  }, [story, reader]);
  return (
    <a class="continues" href={pathTo('desk', story)}>
      goes on in <bdi>{title ?? story}</bdi>
    </a>
  );
}
