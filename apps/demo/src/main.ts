import { complain, interruption, print } from '#platform';
import { loadStory, type StoryAsFiles } from '../stories/load.js';
import { readArguments, type Arguments } from './args.js';
import { run } from './run.js';
import { Show } from './show.js';

/** Resolves to the exit code. */
async function start(args: Arguments): Promise<number> {
  const files = storyIn(args.story);
  const show = new Show(files);
  let kill = () => {};
  const signal = interruption({
    onFirst: () => show.say('stopping; press Ctrl-C again to force it'),
    onForce: () => kill(),
  });
  try {
    const summary = await run(args, { files, show, signal, onForce: force => (kill = force) });
    if (summary) show.print([JSON.stringify(summary)]);
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  }
}

function storyIn(folder: string): StoryAsFiles {
  try {
    return loadStory(folder);
  } catch (error) {
    throw new Error(`--story ${folder} is not the folder of a story: ${(error as Error).message}`, { cause: error });
  }
}

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if ('run' in asked) return start(asked.run);
  if ('help' in asked) print(asked.help.split('\n'));
  else complain(asked.wrong.split('\n'));
  return 'help' in asked ? 0 : 2;
}

const code = await main().catch(error => {
  complain(`\n${(error as Error).message}`);
  return 1;
});
// A kept-alive connection to a dead server must not delay the exit.
process.exit(code);
