/** How long an orderly end may take before it is forced, in milliseconds. */
const patience = 10_000;

/**
 * For a process started by another that keeps a channel to it: ends in order when that one is gone, however it went.
 * Does nothing for a process started in any other way.
 */
export function exitWithParent(): void {
  if (!process.channel) return;
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), patience).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // Listening for it must not keep a process up that has nothing else to do.
  process.channel.unref();
}
