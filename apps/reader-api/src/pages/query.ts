import { z } from 'zod';
import { PageQuery } from '../http/timeline-query.js';

/** Parameters that mail programs, networks and advertisers add to count visits. They are ignored. */
const counting = /^(utm_[a-z_]+|(fb|g|ms|tw|ig|y|li_fat_)(cl)?id|(gb|wb)raid|dclid|igsh|mc_[ce]id|_gl)$/;

const empty = (value: unknown) => typeof value === 'string' && value.trim() === '';

/** The parameters of a page. It ignores empty form fields and visit counters, and refuses any other unknown parameter. */
export const pageParameters = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(
    query =>
      Object.fromEntries(
        Object.entries(query as object).filter(
          ([name, value]) => !(empty(value) && Object.hasOwn(shape, name)) && !counting.test(name),
        ),
      ),
    z.strictObject(shape),
  );

const { order, cursor, type, actor, key, words } = PageQuery.shape;
/** The parameters of a story's page, by name. */
export const storyPageShape = { order, cursor, type, actor, key, words };

/** The parameters of a story's page. */
export type StoryPageQuery = z.infer<z.ZodObject<typeof storyPageShape>>;
