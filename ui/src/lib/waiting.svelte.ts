// The seconds until the next try is looked at.

export class Waiting {
  /** Seconds left; 0 when there is nothing to wait for. */
  left = $state(0);
  /** Seconds that the waiting takes in all. */
  whole = $state(0);
  /** There was a waiting, and it is over. */
  over = $state(false);

  /** Begins anew from what the program says now; gives what ends the counting. */
  begin(ms: number): () => void {
    if (ms <= 0) {
      this.left = 0;
      return () => undefined;
    }
    const end = performance.now() + ms;
    const seconds = (): number => Math.max(0, Math.ceil((end - performance.now()) / 1000));
    this.whole = seconds();
    this.left = this.whole;
    this.over = false;
    const timer = setInterval(() => {
      this.left = seconds();
      if (this.left > 0) return;
      this.over = true;
      clearInterval(timer);
    }, 200);
    return () => clearInterval(timer);
  }
}
