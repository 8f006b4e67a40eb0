import { limitUpTo } from '#platform';

/** How many items a page of a list holds. */
export const limitParameter = limitUpTo(200, 50);
