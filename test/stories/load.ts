import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ActorId, ActorProfile, Content, fates, Line, Slug, StoryId, StoryProfile, Text } from '#domain';
import { parse } from 'yaml';
import { z } from 'zod';

// A story as files: actors.yaml in the order of registration, story.yaml in the order of posting. Nothing is posted here.

const Label = Line(20).meta({
  description: 'Names a post in its file; commands name the development they act on by it.',
});
const on = { development: Label };
const Reason = Text(1_000);

/** A development as an editor posts it; `supersedes` is the label of an earlier one. */
const Recorded = z
  .looseObject({ supersedes: Label.optional(), key: z.boolean().optional() })
  .transform(({ supersedes, key, ...content }, context) => {
    const read = Content.safeParse(content);
    if (read.success) return { content: read.data, supersedes, key };
    for (const { path, message } of read.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });

/** The other commands of a story, each with the body its route takes and, for a development, that one's label. */
const commands = {
  correct: z.strictObject({ ...on, content: Content, wrong: Text(1_000), reason: Reason }),
  retract: z.strictObject({ ...on, reason: Reason }),
  verify: z.strictObject({ ...on, note: Reason }),
  dispute: z.strictObject({ ...on, reason: Reason }),
  pin: z.strictObject(on),
  key: z.strictObject(on),
  settle: z.strictObject({ condition: Slug, fate: z.enum(fates), reason: Reason, development: Label.optional() }),
};

const doing = { record: Recorded, ...commands };
type Doing = typeof doing;

/** One command of an editor: exactly one of its keys but `fact` is there, and says which. */
const Post = z
  .strictObject({
    fact: Label,
    ...(z.strictObject(doing).partial().shape as { [Does in keyof Doing]: z.ZodOptional<Doing[Does]> }),
  })
  .refine(post => Object.keys(post).length === 2, `must hold one of ${Object.keys(doing).join(', ')}`);
export type Post = z.infer<typeof Post>;

const StoryFile = z
  .strictObject({ story: StoryProfile.extend({ id: StoryId }), posts: z.array(Post).min(1) })
  .check(({ value, issues }) => {
    const known = new Set<string>();
    value.posts.forEach(({ fact, ...post }, i) => {
      const bad = (path: string[], message: string) =>
        issues.push({ code: 'custom', path: ['posts', i, ...path], message, input: fact });
      if (known.has(fact)) bad(['fact'], 'must be a label of its own');
      for (const [does, body] of Object.entries(post)) {
        const field = does === 'record' ? 'supersedes' : 'development';
        const named = (body as Record<string, unknown>)[field];
        if (typeof named === 'string' && !known.has(named)) bad([does, field], 'must be the label of an earlier post');
      }
      known.add(fact);
    });
  });

const ActorFile = z
  .array(z.looseObject({ id: ActorId }).transform(({ id, ...profile }) => ({ id, profile })))
  .pipe(z.array(z.strictObject({ id: ActorId, profile: ActorProfile })));

export interface StoryAsFiles {
  readonly story: StoryProfile & { readonly id: string };
  /** In the order of registration. */
  readonly actors: readonly { readonly id: string; readonly profile: ActorProfile }[];
  /** In the order of posting. Actors are named as editors name them, by id, name or alias. */
  readonly posts: readonly Post[];
}

/** Reads a story's folder; throws an error that names the file and each field that does not hold what is allowed. */
export function loadStory(folder: string): StoryAsFiles {
  const { story, posts } = read(join(folder, 'story.yaml'), StoryFile);
  return { story, posts, actors: read(join(folder, 'actors.yaml'), ActorFile) };
}

/** A YAML file that the schema holds for. */
export function read<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(parse(readFileSync(file, 'utf8')));
  if (result.success) return result.data;
  throw new Error(`${file} is not a story's file:\n${z.prettifyError(result.error)}`);
}
