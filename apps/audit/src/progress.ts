import { printable } from '#platform';
import { SingleBar } from 'cli-progress';

/** A display of progress. */
export interface ProgressDisplay {
  show(done: number, all: number, doing: string): void;
  stop(): void;
}

const lineEveryMs = 10_000;

/** Records per second, and the seconds that the rest takes at that rate. */
export function pace(done: number, all: number, seconds: number): { rate: number; left: number } {
  const rate = seconds > 0 ? done / seconds : 0;
  return { rate: Math.round(rate), left: rate > 0 ? Math.ceil((all - done) / rate) : 0 };
}

/**
 * Shows a bar on a terminal, and elsewhere a line every ten seconds. It writes to stderr, because stdout is for the answer.
 */
export function progress(name: string, stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  // The bar replaces text in braces.
  const what = printable(name).replaceAll(/[{}]/g, '');
  const began = performance.now();
  let from: number | undefined;
  // Work of an earlier run must not count in this one's rate.
  const paced = (done: number, all: number) => {
    from ??= done;
    return pace(done - from, all - from, (performance.now() - began) / 1000);
  };
  return stream.isTTY ? bar(what, stream, paced) : spoken(what, stream, paced);
}

type Paced = (done: number, all: number) => ReturnType<typeof pace>;

function bar(what: string, stream: NodeJS.WriteStream, paced: Paced): ProgressDisplay {
  const format = `${what} {bar} {percentage}% {value}/{total} {rate}/s {left} s left, {doing}`;
  const shown = new SingleBar({ format, stream, clearOnComplete: true, hideCursor: true, barsize: 24 });
  shown.start(1, 0, { rate: 0, left: 0, doing: 'starting' });
  return {
    show(done, all, doing) {
      shown.setTotal(all);
      shown.update(done, { ...paced(done, all), doing });
    },
    stop: () => shown.stop(),
  };
}

function spoken(what: string, stream: NodeJS.WriteStream, paced: Paced): ProgressDisplay {
  let [done, all, doing] = [0, 0, 'starting'];
  const say = () => {
    const { rate, left } = paced(done, all);
    stream.write(`${what} ${done} of ${all}, ${rate}/s, ${left} s left, ${doing}\n`);
  };
  const timer = setInterval(say, lineEveryMs);
  return { show: (...now) => void ([done, all, doing] = now), stop: () => clearInterval(timer) };
}
