import { useEffect, useState } from 'preact/hooks';

const secondMs = 1_000;

/** The remaining time, such as "1 d 02:03:04". */
export function remaining(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / secondMs));
  const two = (n: number) => String(n).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return days > 0 ? `${days} d ${clock}` : clock;
}

/** Shows that a development is under embargo, and the remaining time. */
export function Embargo({ until }: { until?: string | undefined }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), secondMs);
    return () => clearInterval(timer);
  }, []);
  const left = until === undefined ? undefined : Date.parse(until) - now;
  return (
    <span class="mark is-embargoed">
      embargo,{' '}
      {left === undefined ? 'until somebody lifts it' : left > 0 ? `lifts in ${remaining(left)}` : 'lifting now'}
    </span>
  );
}
