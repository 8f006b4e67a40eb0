/** How long an orderly end may take before it is forced, in milliseconds. */
const patience = 10_000;

/**
 * For a child process with a channel to its parent: ends in order when the parent is gone, even if it was killed. Does nothing in a
 * process that was started in any other way.
 */
export function exitWithParent(): void {
  if (!process.channel) return;
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), patience).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // Listening on the channel must not keep an otherwise finished process alive.
  process.channel.unref();
}
