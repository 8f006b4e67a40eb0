/** The part of JSON Schema that the catalogue uses. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly pattern?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Described {
  /** The property's name, below its parents' names in the content. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required: boolean;
}

/** The control for a field. */
type Entry =
  | { readonly type: 'line' | 'text'; readonly max: number }
  /** A name that the desk chooses and repeats for the same thing, such as an issue. */
  | { readonly type: 'slug'; readonly max: number }
  | { readonly type: 'number'; readonly whole?: true }
  /** A moment with its offset. */
  | { readonly type: 'instant' }
  | { readonly type: 'choice'; readonly options: readonly string[] }
  /** Any number of options from a closed list. */
  | { readonly type: 'choices'; readonly options: readonly string[] }
  | { readonly type: 'actor' }
  /** Another development of the story. */
  | { readonly type: 'development' }
  | { readonly type: 'actors'; readonly min: number; readonly max: number }
  /** Texts, each on a separate line. */
  | { readonly type: 'lines'; readonly max: number }
  /** When it happened: an interval and its precision. */
  | { readonly type: 'occurred'; readonly precisions: readonly string[] }
  | { readonly type: 'group'; readonly fields: readonly Field[] }
  | { readonly type: 'list'; readonly min: number; readonly max: number; readonly fields: readonly Field[] };

/** A field with its label, its hint and its control. */
export type Field = Described & Entry;

const endless = 1_000_000;

/** The fields of an object's schema. Throws for a schema that has no control, because such a kind could not be filled in. */
export function fieldsOf(schema: Schema, root: Schema = schema): Field[] {
  const { properties = {}, required = [] } = resolved(schema, root);
  return Object.entries(properties)
    .filter(([, property]) => resolved(property, root).const === undefined)
    .map(([name, property]) => fieldOf(name, property, required.includes(name), root));
}

function fieldOf(name: string, schema: Schema, required: boolean, root: Schema): Field {
  const full = resolved(schema, root);
  const title = schema.title ?? full.title;
  // The description of ActorRef in general is not a useful hint. The description of this reference is.
  const hint = schema.description ?? (schema.$ref ? undefined : full.description);
  const entry = referred(schema, full) ?? single(full) ?? several(full, root);
  if (!entry)
    throw new TypeError(`No field is made for ${name}: ${JSON.stringify(schema)}. Add one to the form's fields.`);
  return { name, label: title ?? labelOf(name), required, ...(hint && { hint }), ...entry };
}

function referred(schema: Schema, full: Schema): Entry | undefined {
  if (refers(schema, 'ActorRef')) return { type: 'actor' };
  if (refers(schema, 'DevelopmentId')) return { type: 'development' };
  // The newsroom makes captures, and nobody writes in them.
  if (refers(schema, 'Captures')) return { type: 'list', min: 1, max: full.maxItems ?? endless, fields: [] };
  if (!refers(schema, 'Occurred')) return undefined;
  return { type: 'occurred', precisions: full.properties?.precision?.enum ?? [] };
}

function single(full: Schema): Entry | undefined {
  if (full.enum) return { type: 'choice', options: full.enum };
  if (full.format === 'date-time') return { type: 'instant' };
  if (full.type === 'string') return textual(full);
  if (full.type === 'integer') return { type: 'number', whole: true };
  return full.type === 'number' ? { type: 'number' } : undefined;
}

function several(full: Schema, root: Schema): Entry | undefined {
  if (full.type === 'object') return { type: 'group', fields: fieldsOf(full, root) };
  const { items, minItems: min = 0, maxItems: max = endless } = full;
  if (!items) return undefined;
  if (refers(items, 'ActorRef') || refers(items, 'ActorId')) return { type: 'actors', min, max };
  const item = resolved(items, root);
  if (item.enum) return { type: 'choices', options: item.enum };
  if (item.type === 'object') return { type: 'list', min, max, fields: fieldsOf(item, root) };
  return item.type === 'string' ? { type: 'lines', max } : undefined;
}

const slugLike = '^[a-z0-9]+(-[a-z0-9]+)*$';

function textual({ pattern, allOf = [], maxLength: max = endless }: Schema): Entry {
  const patterns = [pattern, ...allOf.map(part => part.pattern)];
  if (patterns.includes(slugLike)) return { type: 'slug', max };
  const oneLine = patterns.some(part => part && !new RegExp(part, 'u').test('a\nb'));
  return { type: oneLine ? 'line' : 'text', max };
}

const refers = ({ $ref, allOf = [] }: Schema, name: string): boolean =>
  $ref === `#/$defs/${name}` || allOf.some(part => refers(part, name));

/** The schema of a reference, with the keywords beside the reference. */
function resolved(schema: Schema, root: Schema): Schema {
  if (!schema.$ref) return schema;
  const meant = root.$defs?.[schema.$ref.slice('#/$defs/'.length)];
  if (!meant) throw new TypeError(`The schema refers to ${schema.$ref}, which it does not contain.`);
  const { $ref: _, ...beside } = schema;
  return { ...resolved(meant, root), ...beside };
}

/** Writes "wikidataId" and "market-move" as people do. */
export function labelOf(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The form of a kind: its own fields, then the fields of every kind. Undefined for an unknown kind. */
export function formOf(content: Schema, kind: string): { own: Field[]; common: Field[] } | undefined {
  const { oneOf = [] } = resolved(content, content);
  const schema = oneOf.map(option => resolved(option, content)).find(option => option.properties?.kind?.const === kind);
  if (!schema) return undefined;
  // Pictures are files, so they are chosen and not written.
  const { media: _, ...properties } = schema.properties!;
  const fields = fieldsOf({ ...schema, properties }, content);
  const data = fields.find(({ name }) => name === 'data');
  return {
    own: data?.type === 'group' ? [...data.fields] : [],
    common: fields.filter(({ name }) => name !== 'data'),
  };
}
