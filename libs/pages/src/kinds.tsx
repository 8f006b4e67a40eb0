import { catalogue } from '#domain';
import { z } from 'zod';
import type { FieldShape, KindShapes } from './view.js';
import { pagesEn } from './words/pages-en.js';

interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly maxLength?: number;
}

const slug = '^[a-z0-9]+(-[a-z0-9]+)*$';
/** A text that may be this long is prose; a shorter one is a name. */
const proseLength = 1_000;

function formOf(schema: Schema): FieldShape['form'] {
  if (schema.$ref?.endsWith('/ActorRef')) return 'actor';
  if (schema.properties) return 'group';
  if (schema.pattern === slug) return 'slug';
  if (schema.enum) return 'words';
  return (schema.maxLength ?? 0) >= proseLength ? 'prose' : 'text';
}

const fieldsOf = (kind: string, { properties = {} }: Schema): FieldShape[] =>
  Object.entries(properties).map(([name, property]) => {
    const schema = property.items ?? property;
    const { fields } = pagesEn;
    const label = property.title ?? fields[`${kind}.${name}`] ?? fields[name];
    const form = formOf(schema);
    const inner = form === 'group' && { fields: fieldsOf(kind, schema) };
    return { name, ...(label !== undefined && { label }), form, ...inner };
  });

/** Every kind of the catalogue as pages show it, derived from its schema, so that a new kind needs nothing here. */
export const kindShapes: KindShapes = Object.fromEntries(
  catalogue.map(({ kind, title, quote, momentary, schema }) => {
    // A slug only connects developments, so pages do not show it.
    const fields = fieldsOf(kind, z.toJSONSchema(schema, { unrepresentable: 'any' }) as Schema).filter(
      ({ form }) => form !== 'slug',
    );
    return [kind, { title, ...(quote && { quote }), ...(momentary && { momentary }), fields }];
  }),
);

/** The icon of every kind, as the path data of an SVG. */
export const kindIcons: readonly (readonly [kind: string, path: string])[] = catalogue.map(({ kind, icon }) => [
  kind,
  icon,
]);

/** The drawing of every kind, or of these, once, for icons to refer to. */
export const KindIcons = ({ of }: { of?: readonly string[] }) => (
  <svg class="unseen" aria-hidden="true">
    {(of ? kindIcons.filter(([kind]) => of.includes(kind)) : kindIcons).map(([kind, path]) => (
      <symbol key={kind} id={`k-${kind}`} viewBox="0 0 24 24">
        <path d={path} />
      </symbol>
    ))}
  </svg>
);
