import { request, type ClientRequest } from 'node:http';

/** A reader of a stream of Server-Sent Events. It records when each event arrived, by id. */
export class Follower {
  private readonly arrived = new Map<string, number>();
  private readonly waiting = new Map<string, (at: number) => void>();

  private constructor(
    private readonly asked: ClientRequest,
    private readonly patienceMs: number,
  ) {}

  /** Opens the stream. Resolves when the answer’s headers have arrived. */
  static open(url: string, patienceMs = 10_000): Promise<Follower> {
    return new Promise((resolve, reject) => {
      const asked = request(url, { headers: { Accept: 'text/event-stream' } });
      const follower = new Follower(asked, patienceMs);
      asked.on('error', reject);
      asked.on('response', answer => {
        if (answer.statusCode !== 200) return reject(new Error(`${url} was answered with ${answer.statusCode}.`));
        let rest = '';
        answer.on('data', (chunk: Buffer) => {
          const blocks = (rest + chunk.toString('latin1')).split('\n\n');
          rest = blocks.pop()!;
          for (const block of blocks) follower.note(block, performance.now());
        });
        answer.on('error', () => undefined);
        resolve(follower);
      });
      asked.end();
    });
  }

  /** Resolves to the time when the event with this id arrived. Rejects if it does not arrive in time. */
  came(id: string): Promise<number> {
    const at = this.arrived.get(id);
    if (at !== undefined) return Promise.resolve(at);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Event ${id} did not arrive in time.`)), this.patienceMs);
      this.waiting.set(id, at => (clearTimeout(timer), resolve(at)));
    });
  }

  close(): void {
    this.asked.destroy();
  }

  private note(block: string, at: number): void {
    for (const [, ids] of block.matchAll(/^id: (.*)$/gm))
      // The bare pipeline's events may carry several ids.
      for (const id of ids!.split(',')) {
        this.arrived.set(id, at);
        this.waiting.get(id)?.(at);
        this.waiting.delete(id);
      }
  }
}
