import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProvisioningError } from './errors.js';
import { reported, type Report } from './report.js';

const OLDEST_JAVA = 17;
const windows = process.platform === 'win32';

/** The `java` to run: JAVA_HOME's, else the PATH's. */
export function javaCommand(): string {
  const own = process.env.JAVA_HOME && join(process.env.JAVA_HOME, 'bin', windows ? 'java.exe' : 'java');
  return own && existsSync(own) ? own : 'java';
}

/** What Java and Maven lack; Maven is needed until Kafka's jars are here. */
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

/** The major version in what `java -version` says, such as `openjdk version "17.0.15"` or `java version "1.8.0_402"`. */
export function majorOf(said: string): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(said);
  return found ? Number(found[1]) : undefined;
}

/** Fetches Kafka's jars into `libs` unless they are there. Two processes may do so at once: the first to finish wins. */
export async function fetchKafka(pom: string, libs: string, report: Report): Promise<void> {
  if (existsSync(libs)) return;
  const home = dirname(libs);
  mkdirSync(dirname(home), { recursive: true });
  const fresh = mkdtempSync(`${home}-`);
  try {
    // The copy makes Maven write nothing beside our pom.
    cpSync(pom, join(fresh, 'pom.xml'));
    const args = ['-q', '-B', '-f', join(fresh, 'pom.xml'), 'dependency:copy-dependencies', '-DincludeScope=runtime'];
    const work = runMaven([...args, `-DoutputDirectory=${join(fresh, 'libs')}`]);
    await reported(report, 'fetching Kafka by Maven (once)', work);
    renameSync(fresh, home);
  } catch (error) {
    if (!existsSync(libs)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
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
