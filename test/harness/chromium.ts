import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

// The headless shell is Chromium without the windows of a desktop: the same pages take less than half of the processor's time.
const known = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const installed = () => [process.env.CHROMIUM, ...known].find(path => path !== undefined && existsSync(path));

/** The path of a Chromium, which is installed first if it is missing and installing is allowed; otherwise the reason. */
export async function chromium(): Promise<{ readonly path: string } | { readonly missing: string }> {
  const path = installed();
  if (path) return { path };
  const how = 'install Debian’s chromium-headless-shell, or set CHROMIUM to the path of one';
  if (process.getuid?.() !== 0) return { missing: `there is no Chromium, and only root may install it: ${how}` };
  if (!existsSync('/usr/bin/apt-get')) return { missing: `there is no Chromium, and no apt-get to install it: ${how}` };
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { env });
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium-headless-shell', 'fonts-liberation'], {
      env,
    });
  } catch (error) {
    return {
      missing: `apt-get could not install chromium-headless-shell (${(error as Error).message.trim()}): ${how}`,
    };
  }
  return { path: installed()! };
}
