import { useAround } from '../around.js';
import { links } from '../links.js';
import type { LinkView } from '../view.js';
import { capitalised } from '../wording.js';

/** Links to related updates: the relation, and the update's title. */
export function Links({ to }: { to: readonly LinkView[] }) {
  const { words, story, told } = useAround();
  if (to.length === 0) return null;
  return (
    <ul class="links">
      {to.map(({ as, development, title }) => (
        <li key={as + development} class={`is-${as}`}>
          {words.links[as]}:{' '}
          <a href={links.development(story, development)} data-goto={links.anchor(development)} {...told}>
            {capitalised(title)}
          </a>
        </li>
      ))}
    </ul>
  );
}
