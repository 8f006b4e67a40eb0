import type { Occurred, Sourcing } from '#domain';
import { usePageContext } from '../page-context.js';
import { links } from '../links.js';
import { occurredText, recordedText } from '../occurred.js';
import type { ConditionView, LinkView, ModalityView, Named } from '../view.js';
import { capitalised } from '../wording.js';
import { knownText } from './state.js';

interface Props {
  readonly sourcing: Sourcing;
  readonly standing: Sourcing['standing'];
  readonly actors: readonly Named[];
}

/** The source of a report, and how certain it is. */
export function Known({ sourcing, standing, actors }: Props) {
  const { words, storyLanguage } = usePageContext();
  return (
    <span class={`known is-${standing}`} {...storyLanguage}>
      {knownText(sourcing, standing, actors, words)}
    </span>
  );
}

/** A link to an actor's page. */
export function ActorLink({ id, name }: Named) {
  const { story, storyLanguage } = usePageContext();
  return (
    <a href={links.actor(story, id)} {...storyLanguage}>
      {capitalised(name)}
    </a>
  );
}

/** Links to related updates: the relation, and the update's title. */
export function Links({ to }: { to: readonly LinkView[] }) {
  const { words, story, storyLanguage } = usePageContext();
  if (to.length === 0) return null;
  return (
    <ul class="links">
      {to.map(({ as, development, title }) => (
        <li key={as + development} class={`is-${as}`}>
          {words.links[as]}:{' '}
          <a href={links.development(story, development)} data-goto={links.anchor(development)} {...storyLanguage}>
            {capitalised(title)}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The outcome of a condition. A script updates it wherever `data-condition` names it. */
export function Fate({ id, fate, reason }: ConditionView) {
  const { words } = usePageContext();
  return (
    <span class={`fate is-${fate ?? 'open'}`} data-condition={id} title={reason ?? undefined}>
      {words.fates[fate ?? 'open']}
    </span>
  );
}

/** Whether it happened at all: a plan, a condition or a denial must never read as a fact. */
export function Modality({ mode, conditions }: ModalityView) {
  const { words, storyLanguage } = usePageContext();
  if (mode === 'asserted') return null;
  if (mode !== 'conditional') return <p class={`modality is-${mode}`}>{words.labels[mode]}</p>;
  return (
    <ul class="modality is-conditional">
      {conditions.map((condition, i) => (
        <li key={condition.id}>
          {i === 0 ? words.ifOnly : words.and} <bdi {...storyLanguage}>{condition.text}</bdi>
          <Fate {...condition} />
        </li>
      ))}
    </ul>
  );
}

/** When it happened. A script rewrites it in the reader's zone, from `data-occurred`. */
export function OccurredTime({ occurred }: { occurred: Occurred }) {
  const { times } = usePageContext();
  const text = occurredText(occurred, times);
  if (!occurred.from) return <span>{text}</span>;
  const machine = occurred.precision === 'day' ? occurred.from.slice(0, 10) : occurred.from;
  return (
    <time dateTime={machine} data-occurred={occurred.precision === 'day' ? undefined : JSON.stringify(occurred)}>
      {text}
    </time>
  );
}

/** When the newsroom recorded it. */
export function RecordedTime({ recorded }: { recorded: string }) {
  const { times } = usePageContext();
  return (
    <time dateTime={recorded} data-recorded>
      {recordedText(recorded, times)}
    </time>
  );
}
