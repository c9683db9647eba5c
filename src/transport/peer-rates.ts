const WINDOW_MS = 60_000;

/** How often something may happen in a minute, by name: windows begin anew for all names at once, so that names of the past are forgotten. */
export class PeerRates {
  private readonly counts = new Map<string, number>();
  private endsAt = 0;

  constructor(
    /** So often in a minute; 0 = as often as somebody likes. */
    private readonly most: number,
    /** Milliseconds on any clock that only goes forward. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Counts once more. Returns null, or the seconds until the window ends when it is one too many. */
  count(name: string): number | null {
    if (this.most === 0) return null;
    const now = this.now();
    if (now >= this.endsAt) {
      this.counts.clear();
      this.endsAt = now + WINDOW_MS;
    }
    const count = (this.counts.get(name) ?? 0) + 1;
    if (count > this.most) return Math.ceil((this.endsAt - now) / 1000);
    this.counts.set(name, count);
    return null;
  }
}
