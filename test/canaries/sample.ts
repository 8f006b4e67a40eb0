import { ActorRef } from '#domain';
import { z } from 'zod';

/** The path of a field in a body, with `[]` for any item of an array: `content.data.positions[].stance`. */
export type Path = string;

/** How to fill in a body. */
export interface Filling {
  /** The words to write at a path. They are letters only, in lower case, so that they can be part of a text, a slug and an address. */
  write(path: Path): string;
  /** The next actor that a body names. */
  actor(): string;
  /** The kind of development to report, where the body has one. */
  readonly kind?: string;
  /** Fields to leave out, because others rule them out. */
  readonly without?: readonly Path[];
  /** Fields whose value the test chooses: no text, or one that a rule restricts. */
  readonly fixed?: Readonly<Record<Path, unknown>>;
}

// Values of fields that hold no text. The first one that a field takes is used.
const plain = [
  '2026-01-01T09:00:00.000Z',
  'UTC',
  'en',
  'Q42',
  'NO',
  '00000000-0000-4000-8000-000000000000',
  '0'.repeat(64),
];

/** The fewest items of an array that has some. */
function fewest(schema: z.ZodArray): number {
  const bounds = (schema._zod.def.checks ?? []).map(check => check._zod.def as { minimum?: number; length?: number });
  return Math.max(1, ...bounds.map(({ minimum, length }) => length ?? minimum ?? 0));
}

const isActorRef = (schema: z.ZodType): boolean =>
  schema === (ActorRef as z.ZodType) ||
  (schema._zod.parent !== undefined && isActorRef(schema._zod.parent as z.ZodType));

const innerOf = (schema: z.ZodType): z.ZodType | undefined => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return schema.unwrap() as z.ZodType;
  return schema instanceof z.ZodPipe ? (schema.in as z.ZodType) : undefined;
};

/**
 * Fills in every field of a body, the optional ones too, and writes words into each field that takes any. A new field is filled in without
 * a change here. Throws for a type of schema that it does not know.
 */
export function filled(schema: z.ZodType, filling: Filling, path: Path = ''): unknown {
  const { fixed = {} } = filling;
  if (path in fixed) return fixed[path];
  if (isActorRef(schema)) return filling.actor();
  const inner = innerOf(schema) ?? optionOf(schema, filling);
  if (inner) return filled(inner, filling, path);
  if (schema instanceof z.ZodObject) return fieldsOf(schema, filling, path);
  if (schema instanceof z.ZodArray)
    return Array.from({ length: fewest(schema) }, () => filled(schema.element as z.ZodType, filling, `${path}[]`));
  return valueOf(schema) ?? textFor(schema, filling, path);
}

/** The option of a union for the kind. */
function optionOf(schema: z.ZodType, { kind }: Filling): z.ZodType | undefined {
  if (!(schema instanceof z.ZodUnion)) return undefined;
  return (schema.options as z.ZodObject[]).find(option => option.shape.kind?.safeParse(kind).success);
}

function fieldsOf(schema: z.ZodObject, filling: Filling, path: Path): object {
  const at = (key: string) => (path ? `${path}.${key}` : key);
  const keys = Object.keys(schema.shape).filter(key => !filling.without?.includes(at(key)));
  return Object.fromEntries(keys.map(key => [key, filled(schema.shape[key] as z.ZodType, filling, at(key))]));
}

/** The value of a field that takes no text. */
function valueOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) return [...schema._zod.values][0];
  if (schema instanceof z.ZodNumber) return 1;
  return schema instanceof z.ZodBoolean ? true : undefined;
}

function textFor(schema: z.ZodType, { write }: Filling, path: Path): string {
  if (!(schema instanceof z.ZodString || schema instanceof z.ZodStringFormat))
    throw new Error(`${path} has the schema ${schema._zod.def.type}. Teach test/canaries/sample.ts to fill it in.`);
  const takes = (text: string) => schema.safeParse(text).success;
  const other = plain.find(takes);
  // A field that takes an address takes any address, and a field that takes a slug takes any word.
  const forms = [
    (word: string) => `${word} sings`,
    (word: string) => `https://${word}.example`,
    (word: string) => word,
  ];
  const form = forms.find(form => takes(form('somecanary')));
  if (form) return form(write(path));
  if (other === undefined) throw new Error(`${path} takes none of the values in test/canaries/sample.ts.`);
  return other;
}
