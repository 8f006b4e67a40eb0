/** Limits connections that stay open: in total, and per key. */
export class Places {
  private readonly taken = new Map<string, number>();
  private all = 0;

  constructor(
    private readonly most: number,
    private readonly mostEach: number,
  ) {}

  /** Takes a place and returns the function that frees it, once; undefined if no place is left. */
  take(whom: string): (() => void) | undefined {
    const held = this.taken.get(whom) ?? 0;
    if (this.all >= this.most || held >= this.mostEach) return undefined;
    this.all++;
    this.taken.set(whom, held + 1);
    let free = false;
    return () => {
      if (free) return;
      free = true;
      this.all--;
      const left = this.taken.get(whom)! - 1;
      if (left > 0) this.taken.set(whom, left);
      else this.taken.delete(whom);
    };
  }

  /** Whether no place is left for anybody. */
  get full(): boolean {
    return this.all >= this.most;
  }

  get size(): number {
    return this.all;
  }
}
