import { z } from 'zod';
import { PageQuery } from '../http/timeline-query.js';

/** What mail programs, networks and advertisers add to an address to count who follows it: it asks for nothing. */
const counting = /^(utm_[a-z_]+|(fb|g|ms|tw|ig|y|li_fat_)(cl)?id|(gb|wb)raid|dclid|igsh|mc_[ce]id|_gl)$/;

const empty = (value: unknown) => typeof value === 'string' && value.trim() === '';

/** Parameters of a page. Fields that a form sends empty are passed over, and so is what counts visits; what else is unknown is refused. */
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
export const storyPageShape = { order, cursor, type, actor, key, words };

/** What a story's page may be asked for. */
export type StoryPageQuery = z.infer<z.ZodObject<typeof storyPageShape>>;
