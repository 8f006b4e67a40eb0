import { z } from 'zod';
import { PageQuery } from '../timeline/page.js';

/** A page is also reached by what others add to its address, and by forms that send fields left empty: both are passed over. */
export const pageParameters = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(
    query => Object.fromEntries(Object.entries(query as object).filter(([, value]) => value !== '')),
    z.object(shape),
  );

const { order, cursor, type, actor, key } = PageQuery.shape;

/** What a story's page may be asked for. */
export const StoryPageQuery = pageParameters({ order, cursor, type, actor, key });
export type StoryPageQuery = z.infer<typeof StoryPageQuery>;
