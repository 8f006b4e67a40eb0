import { useAround } from '../around.js';
import { links } from '../links.js';
import type { Named } from '../view.js';
import { capitalised } from '../wording.js';
import { pageWords } from '../words/page-words.js';

/** The story's actors, those with the most facts first. */
export function People({ people }: { people: readonly (Named & { readonly marks: number })[] }) {
  const { words, story, told } = useAround();
  if (people.length === 0) return null;
  return (
    <section class="people" aria-labelledby="people-title">
      <h2 id="people-title">{words.people}</h2>
      <ul>
        {people.map(({ id, name, marks }) => (
          <li key={id}>
            <a href={links.actor(story, id)} {...told}>
              {capitalised(name)}
            </a>
            <span class="count" title={pageWords(words).actor.marks(marks)}>
              <span aria-hidden="true">{marks}</span>
              <span class="unseen">{pageWords(words).actor.marks(marks)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
