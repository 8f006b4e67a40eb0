import { words } from '#domain';
import type { Client } from '#postgres';
import type { Tellings } from '../timeline/queries.js';

/** From a position, before another one, a condition has this text. */
export interface ConditionText {
  readonly condition: string;
  readonly text: string;
  readonly from: number;
  readonly to: number | null;
}

/**
 * Where the text of a condition is the one that a forgotten development gave it, and the text that it has without that development: the
 * one that another development gave it last before, or else its id in words. Pure.
 */
export function textsWithout({ texts }: Pick<Tellings, 'texts'>): ConditionText[] {
  const all = Map.groupBy(texts, ({ condition }) => condition);
  return [...all].flatMap(([condition, given]) => {
    const found: ConditionText[] = [];
    let text = words(condition);
    let from: number | undefined;
    for (const { position, forgotten, text: said } of given) {
      if (forgotten) from ??= position;
      else {
        if (from !== undefined && from < position) found.push({ condition, text, from, to: position });
        text = said;
        from = undefined;
      }
    }
    return from === undefined ? found : [...found, { condition, text, from, to: null }];
  });
}

/** Changes a story's rows, current and former, to what they were if the forgotten developments had never been readable. */
export async function forgetInStory(client: Client, story: string, told: Tellings): Promise<void> {
  for (const { from, retracted } of told.readable)
    await client.query(
      `update story_versions set shredded = shredded + 1,
         developments = developments - case when $3::integer is null or valid_from < $3 then 1 else 0 end
       where story = $1 and valid_from >= $2`,
      [story, from, retracted],
    );
  for (const { condition, text, from, to } of textsWithout(told))
    await client.query(
      `update story_versions set conditions = jsonb_set(conditions, array[$2, 'text'], to_jsonb($3::text), false)
       where story = $1 and valid_from >= $4 and ($5::integer is null or valid_from < $5)`,
      [story, condition, text, from, to],
    );
}
