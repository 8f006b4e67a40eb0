// Loaded before an app (`node --import`): its clock then goes as its parent says. Timers are not clocks, and stay right.

/** How far a clock is off, and how many milliseconds it gains in each; sent to the process. */
export interface ClockFault {
  readonly stepMs: number;
  readonly drift: number;
}

const Right = Date;
const rightNow = () => Right.now();
let fault: ClockFault & { readonly since: number } = { stepMs: 0, drift: 0, since: rightNow() };
const wrongNow = () => Math.round(rightNow() + fault.stepMs + (rightNow() - fault.since) * fault.drift);

globalThis.Date = new Proxy(Right, {
  construct: (target, given: unknown[], self) =>
    Reflect.construct(target, given.length === 0 ? [wrongNow()] : given, self) as Date,
  apply: () => new Right(wrongNow()).toString(),
  get: (target, name) => (name === 'now' ? wrongNow : (Reflect.get(target, name) as unknown)),
});

process.on('message', (message: { readonly clock?: ClockFault }) => {
  if (message.clock) fault = { ...message.clock, since: rightNow() };
});
// The channel must not keep the process alive.
process.channel?.unref();
