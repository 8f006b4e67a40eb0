import { z } from 'zod';
import { DevelopmentId } from '../text.js';
import { Sealed } from './told.js';

/** The schema of a stored event: its name, and exactly these fields. */
export const event = <Name extends string, Shape extends z.ZodRawShape>(type: Name, shape: Shape) =>
  z.strictObject({ type: z.literal(type), data: z.strictObject(shape) });

export const of = { development: DevelopmentId };
/** Of events that tell something of a development. */
export const telling = { ...of, told: Sealed };
