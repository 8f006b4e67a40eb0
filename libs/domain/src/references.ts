import { z } from 'zod';
import { Line } from './text.js';

/** A reference to an actor by id, name or alias. It is resolved to the id before the decision, so the log holds only ids. */
export const ActorRef = Line(200).meta({
  id: 'ActorRef',
  description: 'A registered actor: its id, name or one of its aliases.',
});
/** From 1 to 50 references to actors. */
export const ActorRefs = z.array(ActorRef).min(1).max(50);

/** The path to a value: keys of objects and indexes of arrays. */
export type Path = readonly (string | number)[];

/** A kind may describe a reference in other words: its schema is then a copy of ActorRef, which keeps a link to the original. */
const isActorRef = (schema: z.ZodType): boolean =>
  schema === (ActorRef as z.ZodType) ||
  (schema._zod.parent !== undefined && isActorRef(schema._zod.parent as z.ZodType));

/** Replaces every actor reference in the value. The schema says where they are, so that no kind has to list them. */
export function mapActors(
  schema: z.ZodType,
  value: unknown,
  map: (ref: string, path: Path) => string,
  path: Path = [],
): unknown {
  if (value === undefined || value === null) return value;
  if (isActorRef(schema)) return map(value as string, path);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return mapActors(schema.unwrap() as z.ZodType, value, map, path);
  if (schema instanceof z.ZodArray)
    return (value as unknown[]).map((item, i) => mapActors(schema.element as z.ZodType, item, map, [...path, i]));
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        schema.shape[key] ? mapActors(schema.shape[key], item, map, [...path, key]) : item,
      ]),
    );
  if (schema instanceof z.ZodUnion) {
    const option = schema.options.find(o => (o as z.ZodType).safeParse(value).success);
    return option ? mapActors(option as z.ZodType, value, map, path) : value;
  }
  return value;
}

/** Every actor that the value names; each one once, in order of first mention. */
export function actorsIn(schema: z.ZodType, value: unknown): string[] {
  const found = new Set<string>();
  mapActors(schema, value, ref => (found.add(ref), ref));
  return [...found];
}
