import { z } from 'zod';
import { Rewrites } from './answers.js';

const Position = z.int().nonnegative();

/** The frames of a stream other than changes. */
export const Hello = z.object({ position: Position, rewrites: Rewrites }).meta({ id: 'Hello' });
export type Hello = z.infer<typeof Hello>;

/** The frame after which a client must load the story again. */
export const Resync = z
  .object({
    position: Position.meta({ description: 'The stream continues from here.' }),
    rewrites: Rewrites,
    reason: z.string().meta({ description: 'A code. Later versions may add codes.' }),
    detail: z.string(),
  })
  .meta({ id: 'Resync' });
export type Resync = z.infer<typeof Resync>;
