// What `@jest/globals` is in tests: the functions that Jest's runner has for the test file that runs now.
let now = {};
export const setGlobals = globals => void (now = globals);

const of = name =>
  new Proxy(() => undefined, {
    apply: (_target, _this, given) => now[name](...given),
    get: (_target, key) => now[name][key],
  });

export const afterAll = of('afterAll');
export const afterEach = of('afterEach');
export const beforeAll = of('beforeAll');
export const beforeEach = of('beforeEach');
export const describe = of('describe');
export const expect = of('expect');
export const it = of('it');
export const jest = of('jest');
export const test = of('test');
