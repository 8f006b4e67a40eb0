import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProvisioningError } from './errors.js';
import { reported, type Report } from './report.js';

const OLDEST_JAVA = 17;
const windows = process.platform === 'win32';

/** The `java` command: from JAVA_HOME, or else from the PATH. */
export function javaCommand(): string {
  const own = process.env.JAVA_HOME && join(process.env.JAVA_HOME, 'bin', windows ? 'java.exe' : 'java');
  return own && existsSync(own) ? own : 'java';
}

/** What is missing of Java and Maven; Maven is needed only until Kafka's jars have been downloaded. */
export function toolsLacking(kafkaLibs: string): string[] {
  const lacks: string[] = [];
  const java = spawnSync(javaCommand(), ['-version'], { encoding: 'utf8' });
  const version = java.status === 0 ? majorOf(java.stderr) : undefined;
  if (version === undefined) lacks.push(`Java ${OLDEST_JAVA} or newer is not on the PATH`);
  else if (version < OLDEST_JAVA) lacks.push(`Java is ${version}, but Kafka needs ${OLDEST_JAVA} or newer`);
  if (!existsSync(kafkaLibs) && spawnSync('mvn', ['--version'], { shell: windows }).status !== 0) {
    lacks.push("Maven (mvn), which fetches Kafka's jars once, is not on the PATH");
  }
  return lacks;
}

/** The major version in the output of `java -version`, such as `openjdk version "17.0.15"` or `java version "1.8.0_402"`. */
export function majorOf(said: string): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(said);
  return found ? Number(found[1]) : undefined;
}

/** Downloads Kafka's jars into `libs` unless they exist. Two processes may do so at once: the first to finish wins. */
export async function fetchKafka(pom: string, libs: string, report: Report): Promise<void> {
  if (existsSync(libs)) return;
  const home = dirname(libs);
  mkdirSync(dirname(home), { recursive: true });
  const fresh = mkdtempSync(`${home}-`);
  try {
    // A copy, so that Maven writes nothing beside our pom.
    cpSync(pom, join(fresh, 'pom.xml'));
    const args = ['-q', '-B', '-f', join(fresh, 'pom.xml'), 'dependency:copy-dependencies', '-DincludeScope=runtime'];
    const work = runMaven([...args, `-DoutputDirectory=${join(fresh, 'libs')}`]);
    await reported(report, 'fetching Kafka by Maven (once)', work);
    checkJars(join(fresh, 'libs'), readFileSync(join(dirname(pom), 'jars.sha256'), 'utf8'));
    renameSync(fresh, home);
  } catch (error) {
    if (!existsSync(libs)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Throws unless the folder holds exactly the files in the list of SHA-256 digests. */
export function checkJars(folder: string, list: string): void {
  const due = new Map(list.split('\n').flatMap(line => (line ? [[line.slice(66), line.slice(0, 64)] as const] : [])));
  const differs = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex') !== due.get(name);
  const there = readdirSync(folder);
  const wrong = [...there.filter(differs), ...[...due.keys()].filter(name => !there.includes(name))];
  if (wrong.length > 0)
    throw new ProvisioningError(
      'start-failed',
      `The jars that Maven fetched do not match docker/kafka/jars.sha256: ${wrong.slice(0, 5).join(', ')}. Check the Maven repository and its mirror; after a change of the pom, regenerate the list.`,
    );
}

function runMaven(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('mvn', args, { shell: windows, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', chunk => (said += chunk));
    child.stderr.on('data', chunk => (said += chunk));
    child.on('error', reject);
    child.on('close', code => {
      const hint = 'Is the Maven repository reachable? Run the same command again.';
      if (code === 0) resolve();
      else
        reject(
          new ProvisioningError(
            'start-failed',
            `Maven could not fetch Kafka (exit code ${code}):\n${said.trimEnd()}\n${hint}`,
          ),
        );
    });
  });
}
