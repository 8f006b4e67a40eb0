import type { Occurred, Sourcing } from '#domain';
import type { ComponentChildren } from 'preact';
import { usePageContext } from '../page-context.js';
import { links } from '../links.js';
import { clockText, dayOf, fullText, momentText, occurredText, recordedText, writtenOf } from '../occurred.js';
import type { ConditionView, KindShape, LinkView, ModalityView, Named } from '../view.js';
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

interface Happened {
  readonly occurred: Occurred;
  readonly mode: ModalityView['mode'];
  readonly shape: KindShape;
  /** The instant that is shown with it. */
  readonly beside?: string;
}

/**
 * When it happened, with what that means. Of a time that nobody reported, nothing, as readers then read when it was posted; unless its
 * kind is an event that begins at a moment, such as an arrival: its readers would take the time of posting for that moment.
 */
export function When({ occurred, mode, shape, beside }: Happened) {
  const { times, words } = usePageContext();
  const { from, to, precision } = occurred;
  const text = occurredText(occurred, times, beside);
  if (text === undefined)
    return shape.momentary && mode === 'asserted' ? <span class="when">{words.time.notReported}</span> : null;
  const { said, happened, planned, open } = words.when;
  const label = mode === 'planned' ? planned : mode !== 'asserted' ? open : shape.quote ? said : happened;
  return (
    <span class="when">
      {label}{' '}
      <time dateTime={precision === 'day' ? from!.slice(0, 10) : (from ?? to)} data-occurred={writtenOf(occurred)}>
        {text}
      </time>
    </span>
  );
}

/** When the newsroom recorded it; on the day of `beside`, which is shown with it, the time alone. */
export function RecordedTime({ recorded, beside }: { recorded: string; beside?: string | undefined }) {
  const { times } = usePageContext();
  const short = beside && dayOf(beside, times) === dayOf(recorded, times);
  return (
    <time
      dateTime={recorded}
      data-recorded={beside ? 'short' : ''}
      title={short ? fullText(recorded, times) : undefined}
    >
      {recordedText(recorded, times, beside)}
    </time>
  );
}

/** The time alone, in a list under headings of days. */
export function Clock({ recorded }: { recorded: string }) {
  const { times } = usePageContext();
  return (
    <time dateTime={recorded} data-clock="" title={fullText(recorded, times)}>
      {clockText(recorded, times)}
    </time>
  );
}

/** A moment, to the second. */
export function Moment({ at }: { at: string }) {
  const { times } = usePageContext();
  return (
    <time dateTime={at} data-moment="">
      {momentText(at, times)}
    </time>
  );
}

/** Our own words around something that is not a text. */
export function Around({ text, children }: { text: (inner: string) => string; children: ComponentChildren }) {
  const [before, after] = text('\0').split('\0');
  return (
    <>
      {before}
      {children}
      {after}
    </>
  );
}
