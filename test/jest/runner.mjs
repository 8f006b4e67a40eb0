import circus from 'jest-circus/runner';
import { createRequire, registerHooks } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setGlobals } from './globals.mjs';

const require = createRequire(import.meta.url);
const globals = new URL('globals.mjs', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context),
});

/** In these globals Jest's runner keeps what belongs to one file: what it sets with `jest`, and who listens to its tests. */
const perFile = [
  'EVENT_HANDLERS',
  'TEST_TIMEOUT_SYMBOL',
  'RETRY_TIMES',
  'RETRY_IMMEDIATELY',
  'WAIT_BEFORE_RETRY',
  'LOG_ERRORS_BEFORE_RETRY',
];

/** For Jest: its own test runner, on the compiled test file, with Node's own modules. */
export default function run(globalConfig, config, environment, runtime, path, send) {
  const compiled = join(config.rootDir, 'dist', relative(config.rootDir, path).replace(/[.]tsx?$/, '.js'));
  for (const name of perFile) delete globalThis[Symbol.for(name)];
  const native = Object.create(runtime, {
    requireInternalModule: {
      value: module => {
        // It keeps a file's tests in the variables of this module, so each file loads the module again.
        delete require.cache[module];
        return require(module);
      },
    },
    setGlobalsForRuntime: {
      value: given => {
        runtime.setGlobalsForRuntime(given);
        setGlobals(runtime.requireModuleOrMock(path, '@jest/globals'));
      },
    },
    unstable_shouldLoadAsEsm: { value: () => true },
    unstable_importModule: { value: () => import(pathToFileURL(compiled).href) },
  });
  return circus.default(globalConfig, config, environment, native, path, send);
}
