import { exitWithParent, listen } from '#platform';
import { readerApp } from './reader.app.js';
import { readerSettings } from './settings.js';

exitWithParent();
const settings = readerSettings();
await listen(await readerApp(settings), settings);
