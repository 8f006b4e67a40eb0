// Loaded before jest, also in its workers. Jest gives each test file a world of its own, in which each module is compiled again: a third of the
// processor time of the unit tests. V8 can keep what it compiled, and Jest does not ask it to, so this does, for the life of the process.
import vm from 'node:vm';

/** By path: what was compiled, and what V8 made of it. */
const compiled = new Map();

/** What V8 made of these bytes, if this process has compiled them under this path before. */
function kept(path, code) {
  const found = compiled.get(path);
  return found?.code === code ? { cachedData: found.data } : undefined;
}

const compileFunction = vm.compileFunction;
vm.compileFunction = (code, parameters, options) => {
  const cache = kept(options?.filename, code);
  const made = compileFunction(code, parameters, { ...options, ...(cache ?? { produceCachedData: true }) });
  if (made.cachedData) compiled.set(options.filename, { code, data: made.cachedData });
  return made;
};

vm.SourceTextModule = class extends vm.SourceTextModule {
  constructor(code, options) {
    const cache = kept(options?.identifier, code);
    super(code, { ...options, ...cache });
    if (!cache && options?.identifier) compiled.set(options.identifier, { code, data: this.createCachedData() });
  }
};
