import { exitWithParent, listen, startTracing } from '#platform';
import { readerApp } from './reader.app.js';
import { readerSettings } from './settings.js';

exitWithParent();
const settings = readerSettings();
const endTracing = await startTracing('reader-api', settings);
const app = await readerApp(settings);
app.getHttpServer().once('close', () => void endTracing());
await listen(app, settings);
