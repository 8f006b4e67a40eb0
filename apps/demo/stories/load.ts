import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ActorId,
  ActorProfile,
  Content,
  fates,
  Line,
  NewContent,
  relations,
  Slug,
  StoryId,
  StoryProfile,
  Text,
} from '#domain';
import { parse } from 'yaml';
import { z } from 'zod';

// Loads a story from files: actors.yaml in the order of registration, story.yaml in the order of posting. It posts nothing.

const Label = Line(20).meta({
  description: 'Label of the post in its file; commands use it to name their development.',
});
const on = { development: Label };
const Reason = Text(1_000);

interface Recorded {
  readonly content: NewContent;
  /** The label of the earlier development that it replaces. */
  readonly supersedes?: string | undefined;
  readonly key?: boolean | undefined;
  /**
   * Under embargo until a later post lifts it. A file cannot contain a time that is still in the future when it is played.
   */
  readonly embargo?: true | undefined;
}

/** Who plays a story wrote none of it: a post names its writers, or nobody. */
const unsigned: Pick<NewContent, 'byline'> = { byline: [] };

/** A development as an editor posts it: the content's fields beside the options of the command. */
const Recorded = z
  .looseObject({ supersedes: Label.optional(), key: z.boolean().optional(), embargo: z.literal(true).optional() })
  .transform(({ supersedes, key, embargo, ...content }, context): Recorded => {
    const read = NewContent.safeParse(content);
    if (read.success) return { content: { ...unsigned, ...read.data }, supersedes, key, embargo };
    for (const { path, message } of read.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });

/** One command of an editor, with the body of its route. Each post has exactly one command beside its label. */
const Post = z
  .strictObject({
    fact: Label,
    record: Recorded.optional(),
    correct: z
      .strictObject({
        ...on,
        content: Content.transform(({ media: _, captures: __, ...content }) => ({ ...unsigned, ...content })),
        wrong: Text(1_000),
        reason: Reason,
      })
      .optional(),
    retract: z.strictObject({ ...on, reason: Reason }).optional(),
    verify: z.strictObject({ ...on, note: Reason }).optional(),
    dispute: z.strictObject({ ...on, reason: Reason }).optional(),
    pin: z.strictObject(on).optional(),
    key: z.strictObject(on).optional(),
    lift: z.strictObject(on).optional(),
    link: z.strictObject({ ...on, to: Label, as: z.enum(relations) }).optional(),
    unlink: z.strictObject({ ...on, to: Label, as: z.enum(relations) }).optional(),
    settle: z
      .strictObject({ condition: Slug, fate: z.enum(fates), reason: Reason, development: Label.optional() })
      .optional(),
  })
  .refine(post => Object.keys(post).length === 2, 'must contain a fact’s label and one command');
export type Post = z.infer<typeof Post>;

/** The labels of earlier developments in a post. */
function namedIn({ fact: _, record, ...commands }: Post): { path: string[]; label: string | undefined }[] {
  const [does, body] = Object.entries(commands)[0] ?? [];
  if (record || !does || !body) return [{ path: ['record', 'supersedes'], label: record?.supersedes }];
  const named = [{ path: [does, 'development'], label: body.development }];
  return 'to' in body ? [...named, { path: [does, 'to'], label: body.to }] : named;
}

const StoryFile = z
  .strictObject({ story: StoryProfile.extend({ id: StoryId }), posts: z.array(Post).min(1) })
  .check(({ value, issues }) => {
    const labels = new Set<string>();
    const developments = new Set<string>();
    value.posts.forEach((post, i) => {
      const bad = (path: string[], message: string) =>
        issues.push({ code: 'custom', path: ['posts', i, ...path], message, input: post });
      for (const { path, label } of namedIn(post))
        if (label !== undefined && !developments.has(label)) bad(path, 'must be the label of an earlier development');
      if (labels.has(post.fact)) bad(['fact'], 'must be a label that no other post has');
      labels.add(post.fact);
      if (post.record) developments.add(post.fact);
    });
  });

const ActorFile = z
  .array(z.looseObject({ id: ActorId }).transform(({ id, ...profile }) => ({ id, profile })))
  .pipe(z.array(z.strictObject({ id: ActorId, profile: ActorProfile })));

export interface StoryAsFiles {
  readonly story: StoryProfile & { readonly id: string };
  /** In the order of registration. */
  readonly actors: readonly { readonly id: string; readonly profile: ActorProfile }[];
  /** In the order of posting. Actors are given as editors type them, by id, name or alias. */
  readonly posts: readonly Post[];
}

/** Reads a story's folder. Throws an error with the file and each invalid field. */
export function loadStory(folder: string): StoryAsFiles {
  const { story, posts } = read(join(folder, 'story.yaml'), StoryFile);
  return { story, posts, actors: read(join(folder, 'actors.yaml'), ActorFile) };
}

/** Reads a YAML file that matches the schema. */
export function read<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(parse(readFileSync(file, 'utf8')));
  if (result.success) return result.data;
  throw new Error(`${file} is not a story file:\n${z.prettifyError(result.error)}`);
}
