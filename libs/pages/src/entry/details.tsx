import type { ComponentChildren } from 'preact';
import { usePageContext } from '../page-context.js';
import type { FieldShape, KindShape, Named, ReportedView } from '../view.js';
import { capitalised, spaced } from '../wording.js';
import { drawingOf } from './drawings/index.js';
import { ActorLink } from './facts.js';

type Data = Readonly<Record<string, unknown>>;

const labelOf = ({ name, label }: FieldShape) => label ?? capitalised(spaced(name));

const plain = (text: string) =>
  text
    .toLowerCase()
    .replace(/[\p{P}\s]+/gu, ' ')
    .trim();
const tags = /<[^>]*>/g;
/** The words of a text or of HTML, in lower case and without punctuation, to compare texts. */
export const wordsOf = (html: string): string => plain(html.replace(tags, ' ').replace(/&\w+;/g, ' '));

/** Whether the headline and the body already say it: a generated headline holds most of the data. */
function repeatedIn({ headline, bodyHtml }: ReportedView): (value: unknown, field: FieldShape) => boolean {
  const said = `${plain(headline)} ${wordsOf(bodyHtml ?? '')}`;
  const repeated = (value: unknown, field: FieldShape): boolean => {
    if (Array.isArray(value)) return value.every(item => repeated(item, field));
    if (field.form !== 'group') return field.form === 'actor' || said.includes(plain(String(value)));
    return (field.fields ?? []).every(
      inner => !has(value as Data, inner) || repeated((value as Data)[inner.name], inner),
    );
  };
  return repeated;
}

const has = (data: Data, { name }: FieldShape) => data[name] !== undefined && data[name] !== null;

function One({ field, value, actors }: { field: FieldShape; value: unknown; actors: readonly Named[] }) {
  if (field.form === 'actor')
    return <ActorLink id={String(value)} name={actors.find(({ id }) => id === value)?.name ?? String(value)} />;
  if (field.form === 'words') return <>{spaced(String(value))}</>;
  if (field.form !== 'group') return <bdi>{String(value)}</bdi>;
  const inner = (field.fields ?? []).filter(each => has(value as Data, each));
  return (
    <>
      {inner.flatMap((each, i) => [
        i > 0 && ' ',
        <Values key={each.name} field={each} data={value as Data} actors={actors} />,
        each.form === 'actor' && ':',
      ])}
    </>
  );
}

const Values = ({ field, data, actors }: { field: FieldShape; data: Data; actors: readonly Named[] }) => (
  <>
    {[data[field.name]]
      .flat()
      .flatMap<ComponentChildren>((value, i) => [
        i > 0 && ', ',
        <One key={i} field={field} value={value} actors={actors} />,
      ])}
  </>
);

/** An item of a list: its first field names it, the second says it, the others are labelled. */
function Row({ fields, data, actors }: { fields: readonly FieldShape[]; data: Data; actors: readonly Named[] }) {
  const [lead, ...rest] = fields.filter(field => has(data, field));
  if (!lead) return null;
  const name = lead.form === 'words' && capitalised(spaced(String(data[lead.name])));
  return (
    <li>
      <strong>{name || <Values field={lead} data={data} actors={actors} />}</strong>
      {rest.map((field, i) => (
        <span key={field.name}>
          {i > 0 && <small>{labelOf(field)}: </small>}
          <Values field={field} data={data} actors={actors} />
        </span>
      ))}
    </li>
  );
}

/** The data that is not in the headline and the body, by the kind's schema. */
export function Details({ entry, shape, actors }: { entry: ReportedView; shape: KindShape; actors: readonly Named[] }) {
  const { storyLanguage } = usePageContext();
  const { data } = entry;
  if (!data) return null;
  const isRepeated = repeatedIn(entry);
  const drawing = drawingOf(entry.kind, data);
  const fields = shape.fields.filter(
    field =>
      has(data, field) &&
      !drawing?.fields.includes(field.name) &&
      field.name !== shape.quote?.words &&
      !isRepeated(data[field.name], field),
  );
  const prose = fields.filter(({ form }) => form === 'prose');
  const lists = fields.filter(({ name, form }) => form === 'group' && Array.isArray(data[name]));
  const facts = fields.filter(field => !prose.includes(field) && !lists.includes(field));
  return (
    <>
      {prose.map(({ name }) => (
        <p key={name} class="prose" {...storyLanguage}>
          {String(data[name])}
        </p>
      ))}
      {drawing && !drawing.first && <drawing.Draw data={data as never} actors={actors} />}
      {lists.map(({ name, fields: inner = [] }) => (
        <ul key={name} class="rows" {...storyLanguage}>
          {(data[name] as Data[]).map((row, i) => (
            <Row key={i} fields={inner} data={row} actors={actors} />
          ))}
        </ul>
      ))}
      {facts.length > 0 && (
        <dl class="facts" {...storyLanguage}>
          {facts.map(field => (
            <div key={field.name}>
              <dt>{labelOf(field)}</dt>
              <dd>
                <Values field={field} data={data} actors={actors} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
