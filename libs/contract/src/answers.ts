import { actorKinds, facets, mostKeyPoints } from '#domain';
import { z } from 'zod';
import { Actor, Cell } from './actors.js';
import {
  Change,
  Entry,
  Former,
  FormerText,
  HeaderVersion,
  KeyPoint,
  LeadPicture,
  mostHeaders,
  NamedActor,
  Story,
} from './schemas.js';

/** The commits that an answer about the past is based on; asking for its position again gives the same answer. */
export const AsOf = z
  .object({
    position: z.int().nonnegative(),
    build: z.string().meta({ description: 'Versions of the projections that built this read model.' }),
    knownAt: z.iso.datetime().optional(),
    visibleAt: z.iso.datetime().optional(),
    happenedBy: z.iso.datetime().optional(),
  })
  .meta({ id: 'AsOf', description: 'The moment that the answer shows; present if you asked for one.' });
export type AsOf = z.infer<typeof AsOf>;

/** The field of an answer with its moment. */
export const ofMoment = { asOf: AsOf.optional() };

const leadPicture = LeadPicture.nullable().meta({ description: 'Null if no such update has a picture.' });

/** A story in the list of stories. */
export const ListedStory = Story.extend({ leadPicture }).meta({
  id: 'ListedStory',
  description: 'A story, and its picture in its narrow renditions alone.',
});
export type ListedStory = z.infer<typeof ListedStory>;

/** The answer with one story. */
export const OneStory = Story.extend({
  headers: z
    .array(HeaderVersion)
    .max(mostHeaders)
    .meta({ description: 'The latest versions of its header, the current one first.' }),
  keyPoints: z.array(KeyPoint).max(mostKeyPoints).meta({ description: 'What is known, in the editors’ order.' }),
  leadPicture,
  ...ofMoment,
}).meta({ id: 'OneStory' });
export type OneStory = z.infer<typeof OneStory>;

const body = z.string().nullable().meta({ description: 'The original Markdown; null if the entry shows none.' });
/** The answer with one entry. Its body is the editor's markdown. */
export const OneEntry = z
  .object({ position: z.int(), story: z.string(), entry: Entry, body, ...ofMoment })
  .meta({ id: 'OneEntry' });
export type OneEntry = z.infer<typeof OneEntry>;

/** The answer with an entry's former texts, latest first. */
export const History = z
  .object({
    position: z.int(),
    story: z.string(),
    development: z.string(),
    corrections: z.array(Former).meta({ description: 'Latest first.' }),
    next: z.string().nullable().meta({ description: 'The page of earlier ones; null if there are none.' }),
    ...ofMoment,
  })
  .meta({ id: 'History', description: 'The content of a development before each of its corrections.' });
export type History = z.infer<typeof History>;

/** The answer with an entry's texts before its minor edits, latest first. */
export const Edits = History.omit({ corrections: true })
  .extend({ edits: z.array(FormerText).meta({ description: 'Latest first.' }) })
  .meta({ id: 'Edits', description: 'The text of a development before each of its minor edits.' });
export type Edits = z.infer<typeof Edits>;

/** Changes whenever the rows at a story's earlier positions do. */
export const Rewrites = z.int().nonnegative().meta({
  description:
    'Changes when earlier positions of the story are rewritten, for example by a takedown. Pass it to /live together with the position, so that the stream can tell whether your copy is outdated.',
});

/** The answer with a page of a timeline. */
export const Page = z
  .object({
    position: z
      .int()
      .meta({ description: 'The story’s position: follow /live?after=&rewrites= from here to miss nothing.' }),
    rewrites: Rewrites.optional(),
    story: z.string(),
    entries: z.array(Entry),
    next: z.string().nullable().meta({ description: 'The next page; null on the last one.' }),
    ...ofMoment,
  })
  .meta({ id: 'TimelinePage' });
export type Page = z.infer<typeof Page>;

/** The answer with a piece of a story's changes. */
export const Changes = z
  .object({
    position: z.int().meta({
      description: 'You have every change up to here. On the last piece, follow /live?after=&rewrites= from here.',
    }),
    rewrites: Rewrites,
    story: z.string(),
    changes: z.array(Change).meta({ description: 'In order, as the live stream sends them.' }),
    next: z.string().nullable().meta({ description: 'The next piece; null if this one may still grow.' }),
  })
  .meta({ id: 'Changes', description: 'What changed in a story after a position, commit by commit.' });
export type Changes = z.infer<typeof Changes>;

const DifferingEntry = z
  .object({
    id: z.string(),
    isNew: z.boolean().meta({ description: 'Readers did not see it at the earlier position.' }),
    acts: z.array(z.string()).meta({
      description:
        'The types of acts on it between the two, each once. None if only names, conditions or headlines that it shows changed.',
    }),
    entry: Entry.optional().meta({ description: 'As it is at the later position; left out if you asked for `brief`.' }),
  })
  .meta({ id: 'DifferingEntry' });
export type DifferingEntry = z.infer<typeof DifferingEntry>;

/** How a key point differs between two moments. */
export const pointChanges = ['new', 'changed', 'struck', 'taken-down', 'cited', 'gone'] as const;
const DifferingPoint = z
  .object({
    text: z
      .string()
      .meta({ description: 'The id of its words at the later position; of a point that is gone, at the earlier one.' }),
    how: z.enum(pointChanges).meta({
      description:
        '`changed`: other words, or it cites other developments. `struck`: a development under it was retracted or taken down. `cited`: only what it says of these developments differs, such as a headline. `gone`: it is no longer in the list, and no other words replaced it.',
    }),
  })
  .meta({ id: 'DifferingPoint' });

/** The answer with the difference between two positions of a story. */
export const Difference = z
  .object({
    story: z.string(),
    from: z.int(),
    to: z.int(),
    counts: z.record(z.string(), z.int()).meta({
      description: 'For each type of act between the two positions, the number of developments that it concerned.',
    }),
    header: Story.meta({ description: 'The story as it is at the later position.' }),
    keyPoints: z.array(KeyPoint).max(mostKeyPoints).optional().meta({
      description: 'All key points as they are at the later position, in order; left out if you asked for `brief`.',
    }),
    differingPoints: z
      .array(DifferingPoint)
      .max(2 * mostKeyPoints)
      .meta({
        description: 'The key points that readers see otherwise, each once. A change of the order alone is none.',
      }),
    changed: z.array(DifferingEntry).meta({ description: 'In story order.' }),
    next: z.string().nullable().meta({ description: 'The next part; null on the last one.' }),
  })
  .meta({
    id: 'Difference',
    description:
      'Replace or add these entries in the timeline at `from`, and you have the timeline at `to`. No entry ever disappears. `header` and `keyPoints` replace those at `from`.',
  });
export type Difference = z.infer<typeof Difference>;

const marked = z.string().meta({
  description: 'Safe to insert into a page unchanged; the words that were found are in <mark>.',
});
const Found = z
  .object({
    story: z.string(),
    storyTitle: z.string(),
    development: z.string(),
    kind: z.string(),
    headline: z.string(),
    title: z.string().meta({
      description: 'The headline with its reservation, such as “Denied: …”: use it where you show nothing else.',
    }),
    status: z.enum(['active', 'superseded', 'retracted']),
    recorded: z.iso.datetime(),
    headlineHtml: marked,
    excerptHtml: marked.nullable().meta({ description: 'A part of its text. Null if it has none, or was retracted.' }),
  })
  .meta({ id: 'Found', description: 'A development that has the words.' });
/** A development that a search found. */
export type Found = z.infer<typeof Found>;

/** The answer with a page of what a search found. */
export const SearchResults = z
  .object({
    position: z.int(),
    words: z.string(),
    story: z.string().nullable(),
    total: z.int().meta({ description: 'How many developments have the words; counted up to 1,000.' }),
    found: z.array(Found).meta({ description: 'The best first, and of equals the latest.' }),
    next: z.string().nullable().meta({ description: 'The next page; null on the last one.' }),
    ...ofMoment,
  })
  .meta({ id: 'SearchResults' });
export type SearchResults = z.infer<typeof SearchResults>;

const FacetCells = z.object({ facet: z.enum(facets), cells: z.int() }).meta({ id: 'FacetCells' });

/** The answer with a page of an actor's cells. */
export const ActorState = z
  .object({
    position: z.int(),
    story: z.string(),
    actor: Actor,
    facets: z
      .array(FacetCells)
      .optional()
      .meta({ description: 'How many cells the actor has of each facet; absent if only one cell was requested.' }),
    cells: z.array(Cell).meta({ description: 'The cells with the latest recorded development first.' }),
    next: z.string().nullable().meta({ description: 'The next page of cells; null on the last one.' }),
    ...ofMoment,
  })
  .meta({
    id: 'ActorState',
    description: 'What the story says about the actor; each cell cites the developments that support it.',
  });
export type ActorState = z.infer<typeof ActorState>;

const StoryActor = NamedActor.extend({
  kind: z.enum(actorKinds).nullable(),
  marks: z.int().meta({ description: 'Number of cells about the actor.' }),
  developments: z.int().meta({ description: 'Number of developments about the actor.' }),
  position: z.int().meta({ description: 'Position of the latest of them.' }),
}).meta({ id: 'StoryActor' });

/** The answer with a page of a story's actors. */
export const StoryActors = z
  .object({
    position: z.int(),
    story: z.string(),
    actors: z.array(StoryActor).meta({ description: 'Actors with the most cells first.' }),
    next: z.string().nullable().meta({ description: 'The next page of actors; null on the last one.' }),
    ...ofMoment,
  })
  .meta({ id: 'StoryActors' });
export type StoryActors = z.infer<typeof StoryActors>;
