import { once } from 'node:events';
import type { StoryAsFiles } from '../stories/load.js';
import type { Arguments } from './args.js';
import { Editor, editorToken, lawyerToken } from './editor.js';
import { prepareGround, type Ground } from './ground.js';
import { Newsroom } from './newsroom.js';
import { perform, type Performed } from './perform.js';
import { Reading } from './reading.js';
import { checkBundle, restoreBundle, verifyRestored } from './restore.js';
import type { Show } from './show.js';
import { openInBrowser, writeSignIn, type Addresses } from './sign-in.js';
import { shortfalls, summarise, type ReadBack, type Summary } from './summary.js';

const watchablePaceMs = 350;

/** The surroundings of a run: its output and its signals. */
export interface RunContext {
  readonly files: StoryAsFiles;
  readonly show: Show;
  readonly signal: AbortSignal;
  /** Receives a function that kills the newsroom's processes at once. */
  readonly onForce: (kill: () => void) => void;
}

/**
 * Starts a newsroom, plays the story in it or restores a bundle, and stops it again: on the signal, or with `--once` after
 * the story was read back or verified. Resolves to the performance.
 */
export async function run(args: Arguments, context: RunContext): Promise<Summary | undefined> {
  const { show, signal, onForce } = context;
  if (args.restore) await checkBundle(args.restore);
  const ground = await prepareGround(args, show.say);
  const newsroom = new Newsroom(ground, args.once ? null : args.port, show.say);
  onForce(() => newsroom.kill());
  let well = false;
  try {
    if (args.restore) await restoreBundle(args.restore, ground);
    const began = performance.now();
    const addresses = await newsroom.open(signal);
    const token = await editorToken();
    if (args.restore) {
      await verifyRestored(args.restore, ground);
      if (!args.once) await stayUp({ ...addresses, ...ground, token, lawyer: await lawyerToken() }, args.open, context);
      well = true;
      return undefined;
    }
    const reading = new Reading(addresses.reader, context.files.story.id);
    const [performed, readBack] = await play(new Editor(addresses.editor, token, signal), reading, args, context);
    let summary: Summary | undefined;
    if (args.once) summary = sumUp(readBack, performed, (performance.now() - began) / 1000, context.files, ground);
    else await stayUp({ ...addresses, ...ground, token, lawyer: await lawyerToken() }, args.open, context);
    performed.follower.close();
    well = true;
    return summary;
  } finally {
    await newsroom.close();
    await ground.release(well || signal.aborted);
  }
}

async function play(
  editor: Editor,
  reading: Reading,
  args: Arguments,
  { files, show, signal }: RunContext,
): Promise<[Performed, ReadBack]> {
  show.heading(`${files.story.title}, as a reader’s live connection receives it`);
  const stage = {
    editor,
    reading,
    signal,
    say: show.say,
    pace: args.once ? 0 : watchablePaceMs,
    onChange: show.change,
  };
  const performed = await perform(files, stage);
  const readBack = { story: await reading.story(), timeline: await reading.timeline(), actors: await reading.actors() };
  if (performed.playedBefore) {
    show.print([
      'The story was played here before, so its changes are not printed. To replay it: npm start -- --fresh',
    ]);
  } else {
    show.heading('What is known of each actor, with the positions that support it (~ older value)');
    show.actors(readBack.actors);
  }
  return [performed, readBack];
}

function sumUp(
  readBack: ReadBack,
  performed: Performed,
  seconds: number,
  files: StoryAsFiles,
  ground: Ground,
): Summary {
  const summary = summarise(readBack, performed, { seconds, provisioned: ground.provisionedBy });
  const facts = files.posts.filter(post => post.record).length;
  const short = shortfalls(facts, readBack, performed, summary);
  if (short.length === 0) return summary;
  throw new Error(
    `The data that was read back differs from the story:\n${short.join('\n')}\n${JSON.stringify(summary)}\nLogs: ${ground.logs}`,
  );
}

async function stayUp(
  where: Omit<Addresses, 'story'>,
  open: boolean,
  { files, show, signal }: RunContext,
): Promise<void> {
  const addresses = { ...where, story: files.story.id };
  const signIn = writeSignIn(addresses);
  show.heading('The newsroom runs until Ctrl-C');
  show.addresses(addresses, signIn);
  if (open) openInBrowser(signIn.desk, show.say);
  if (!signal.aborted) await once(signal, 'abort');
}
