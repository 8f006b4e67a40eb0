import type { Facet } from '#domain';
import { isolated } from '#domain/bidi';
import type { ComponentChildren } from 'preact';
import { usePageContext } from '../page-context.js';
import { figuresOf } from './figures.js';
import { ActorLink, Known, Modality, RecordedTime, When } from '../entry/facts.js';
import { unknownKind } from '../entry/entry.js';
import { nameOf } from '../entry/state.js';
import { links } from '../links.js';
import type { CellView, CitationView, Named } from '../view.js';
import { capitalised, spaced } from '../wording.js';
import { pageWords } from '../words/page-words.js';

/** The leading field of a mark, by facet: the first in the list that the mark has. A new facet needs a line here. */
export const leads: Readonly<Record<Facet, readonly string[]>> = {
  presence: ['place', 'left'],
  meeting: ['format'],
  role: ['role'],
  delegation: ['role'],
  position: ['stance'],
  demand: ['demand'],
  'warning-given': ['threat'],
  'warning-received': ['threat'],
  reaction: ['stances'],
  statement: ['quote', 'paraphrase'],
  mention: ['quote', 'paraphrase', 'demand'],
  proposal: ['proposal'],
  relation: ['state'],
  prospect: ['outcome'],
  market: ['direction'],
  obstacle: ['obstacle'],
  outcome: ['summary'],
  act: ['act'],
  context: ['topic'],
  result: ['count', 'share'],
  decision: ['decision'],
  count: ['exactly', 'least', 'most'],
  score: ['score'],
  goal: ['minute'],
};

type Names = ReadonlyMap<string, string>;

const slug = /^[a-z0-9]+(-[a-z0-9]+)+$/;
/** Fields with a slug, which only connects developments. */
const slugs = ['issue', 'meeting', 'of'];
/** Fields that only tell marks apart, and say nothing to readers beside the others. */
const unsaid = ['part'];
/** A slug in words, in the case in which one of the texts has them: "Eastern Europe". */
const inWords = (slug: string, texts: readonly string[]): string => {
  const words = spaced(slug);
  const written = new RegExp(`\\b${words}\\b`, 'i');
  return capitalised(texts.map(text => written.exec(text)?.[0]).find(found => found !== undefined) ?? words);
};
/** Facets in which an actor has a single cell, so that its key need not be shown. */
const only = ['presence', 'market'];

interface Value {
  readonly name: string;
  readonly value: unknown;
  readonly names: Names;
  /** Texts about the same. */
  readonly texts: readonly string[];
}

function One({ name, value, names, texts }: Value): ComponentChildren {
  if (typeof value === 'string' && names.has(value)) return <ActorLink id={value} name={names.get(value)!} />;
  if (typeof value === 'string')
    return <bdi>{slugs.includes(name) && slug.test(value) ? inWords(value, texts) : capitalised(value)}</bdi>;
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = Object.values(value).sort(
    (a, b) => Number(typeof b === 'number') - Number(typeof a === 'number') || String(a).length - String(b).length,
  );
  return (
    <bdi>
      {capitalised(
        parts.map(part => isolated(String(part))).join(parts.some(part => typeof part === 'number') ? ' ' : ': '),
      )}
    </bdi>
  );
}

const list = (value: unknown) => (Array.isArray(value) ? value : [value]).filter(item => item !== null && item !== '');
const isSaid = ([name, value]: [string, unknown]) =>
  !unsaid.includes(name) && value !== undefined && list(value).length > 0;
/** The headlines and texts behind a cell. */
const textsOf = ({ current, citations }: CellView): string[] =>
  [...(current ? [current] : []), ...citations].flatMap(({ headline, value }) => [
    headline,
    ...Object.values(value).filter(each => typeof each === 'string'),
  ]);

function Values({ value, ...rest }: Value) {
  return (
    <>
      {list(value).flatMap<ComponentChildren>((item, i) => [
        i > 0 && (typeof item === 'object' ? ' · ' : ', '),
        <One key={i} value={item} {...rest} />,
      ])}
    </>
  );
}

/** A mark of a development: its leading field first, then the others. */
export function Says({ citation, cell, names }: { citation: CitationView; cell: CellView; names: Names }) {
  const { kinds, storyLanguage, words } = usePageContext();
  const drawn = figuresOf(citation.kind, citation.value, words, id => isolated(names.get(id) ?? id));
  const said = Object.entries(drawn?.rest ?? citation.value).filter(entry => isSaid(entry) && entry[1] !== cell.key);
  const lead = leads[cell.facet].find(name => said.some(([found]) => found === name));
  const main = drawn ? (['', drawn.says] as const) : (said.find(([name]) => name === lead) ?? said[0]);
  if (!main) return null;
  const rest = said.filter(entry => entry !== main);
  const quote = kinds[citation.kind]?.quote?.words;
  const { marks } = pageWords(words);
  const texts = textsOf(cell);
  const first = <Values name={main[0]} value={main[1]} names={names} texts={texts} />;
  return (
    <>
      <p class="says" {...storyLanguage}>
        {main[0] === 'left' && `${marks.left} `}
        {main[0] === quote ? <q>{first}</q> : first}
      </p>
      {rest.length > 0 && (
        <dl class="facts" {...storyLanguage}>
          {rest.map(([name, value]) => (
            <div key={name}>
              <dt>{marks[`${cell.facet}.${name}`] ?? marks[name] ?? capitalised(spaced(name))}</dt>
              <dd>
                <Values name={name} value={value} names={names} texts={texts} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function Cited({ citation, actors }: { citation: CitationView; actors: readonly Named[] }) {
  const { story, storyLanguage, words } = usePageContext();
  return (
    <li class={`is-${citation.status}`}>
      <a href={links.development(story, citation.development)} {...storyLanguage}>
        {capitalised(nameOf(citation, words))}
      </a>
      <span class="source">
        <Known sourcing={citation.sourcing} standing={citation.standing} actors={actors} />
        <span class="when">
          {words.posted} <RecordedTime recorded={citation.recorded} />
        </span>
      </span>
    </li>
  );
}

/** One cell of an actor's state: its current value, its sourcing and, one click away, the developments that it cites. */
export function Cell({ cell, actors }: { cell: CellView; actors: readonly Named[] }) {
  const { words, kinds, storyLanguage } = usePageContext();
  const { current, citations, total, facet, key } = cell;
  const names: Names = new Map(actors.map(({ id, name }) => [id, name]));
  const ownKey = !citations.some(({ development }) => development === key) && !only.includes(facet);
  // A count's key is of the incident and of whom it counts, whom the figure beside it names.
  const topic = facet === 'count' && current ? String(current.value.incident) : key;
  const title = ownKey && capitalised(names.get(key) ?? inWords(topic, textsOf(cell)));
  return (
    <li class={`cell ${current ? `is-${current.modality.mode}` : 'is-past'}`}>
      {title && (
        <h3 class="label" {...storyLanguage}>
          {title}
        </h3>
      )}
      {current ? (
        <>
          <Modality {...current.modality} />
          <Says citation={current} cell={cell} names={names} />
          <p class="source">
            <Known sourcing={current.sourcing} standing={current.standing} actors={actors} />
            <When occurred={current.occurred} mode={current.modality.mode} shape={kinds[current.kind] ?? unknownKind} />
          </p>
        </>
      ) : (
        <p class="superseded">{pageWords(words).actor.formerly}</p>
      )}
      <details>
        <summary>{pageWords(words).actor.restsOn(total)}</summary>
        <ol class="citations">
          {citations.map(citation => (
            <Cited key={citation.development} citation={citation} actors={actors} />
          ))}
        </ol>
        {total > citations.length && <p class="hint">{pageWords(words).history.more(total - citations.length)}</p>}
      </details>
    </li>
  );
}
