// What `@jest/globals` is in tests: the functions that Jest's runner has for the test file that runs now.
let now = {};
export const setGlobals = globals => void (now = globals);

/** A function that is looked up at each call, and so are its members: a module that keeps `describe.skip` serves many test files. */
const late = find =>
  new Proxy(() => undefined, {
    apply: (_target, _this, given) => find()(...given),
    get: (_target, key) => (typeof find()[key] === 'function' ? late(() => find()[key]) : find()[key]),
  });
const of = name => late(() => now[name]);

export const afterAll = of('afterAll');
export const afterEach = of('afterEach');
export const beforeAll = of('beforeAll');
export const beforeEach = of('beforeEach');
export const describe = of('describe');
export const expect = of('expect');
export const it = of('it');
export const jest = of('jest');
export const test = of('test');
