/** How often each key is in use. */
export class Uses {
  private readonly counts = new Map<string, number>();

  get size(): number {
    return this.counts.size;
  }

  has(own: string): boolean {
    return this.counts.has(own);
  }

  begin(own: string): void {
    this.counts.set(own, (this.counts.get(own) ?? 0) + 1);
  }

  end(own: string): void {
    const left = (this.counts.get(own) ?? 0) - 1;
    if (left > 0) this.counts.set(own, left);
    else this.counts.delete(own);
  }
}
