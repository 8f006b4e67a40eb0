import { ensureTopic, kafkaAppender, kafkaReader } from '#event-log';
import { devToken, exitWithParent, httpApp, listen, logTo, readSettings, TokenVerifier } from '#platform';
import { EditorModule } from './editor.module.js';
import { Desk } from './newsroom/desk.js';

exitWithParent();
const settings = readSettings([
  'KAFKA_BROKERS',
  'LOG_TOPIC',
  'HOST',
  'PORT',
  'LOG_LEVEL',
  'SETTLE_TIMEOUT_MS',
  'JWKS_URL',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'DEV_KEY_FILE',
]);
const log = { brokers: settings.KAFKA_BROKERS, topic: settings.LOG_TOPIC };
await ensureTopic(log);

const desk = new Desk(`urn:dateline:${log.topic}`, settings.SETTLE_TIMEOUT_MS, kafkaReader(log), kafkaAppender(log));
desk.follow().catch(error => {
  logTo('editor-api', settings.LOG_LEVEL).fatal(error);
  process.exit(1);
});
await desk.open();

const app = await httpApp(EditorModule.of(desk, new TokenVerifier(settings), settings.LOG_LEVEL), {
  title: 'Dateline editor API',
  description:
    'Commands of a live newsroom. Each is decided on what stands in the log, and answered when the log has settled it.',
  tokens: true,
});
const url = await listen(app, settings);

if (!settings.JWKS_URL) {
  const token = await devToken(settings, { id: 'dev-editor', name: 'Local editor', roles: ['editor'] });
  const profile = JSON.stringify({ id: 'my-first-story', title: 'My first story', zone: 'Europe/Berlin' });
  process.stdout.write(
    `curl -X POST ${url}/stories -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '${profile}'\n`,
  );
}
