import type { ImportReport } from './import-report.js';

const WIDTH = 30;
const PLAIN_EVERY_MS = 5_000;
const TTY_EVERY_MS = 100;

/** Where progress is shown: a terminal or a log. */
export interface ProgressScreen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows how far an import has come: a bar on a terminal, elsewhere a plain line every few seconds. */
export class ImportProgress {
  private readonly startedAt = Date.now();
  private shownAt = this.startedAt;

  /** `expected` = how many rows there are at most; null = nobody knows. */
  constructor(
    private readonly expected: number | null,
    private readonly screen: ProgressScreen = process.stderr,
  ) {}

  show(report: ImportReport): void {
    const now = Date.now();
    if (now - this.shownAt < (this.screen.isTTY ? TTY_EVERY_MS : PLAIN_EVERY_MS)) return;
    this.shownAt = now;
    this.write(report, this.expected ? Math.min(1, report.rows / this.expected) : 0);
  }

  /** Leaves the last state on the screen and the cursor on a line of its own. */
  finish(report: ImportReport): void {
    this.write(report, 1);
    if (this.screen.isTTY) this.screen.write('\n');
  }

  private write(report: ImportReport, share: number): void {
    const seconds = Math.max(0.001, (Date.now() - this.startedAt) / 1000);
    const rate = Math.round(report.rows / seconds);
    const line = `${Math.floor(share * 100)} %  ${report.rows} rows  ${report.of('taken')} taken  ${rate}/s`;
    const filled = Math.round(share * WIDTH);
    const bar = `[${'='.repeat(filled)}${' '.repeat(WIDTH - filled)}]`;
    this.screen.write(this.screen.isTTY ? `\r${bar} ${line}\x1b[K` : `${line}\n`);
  }
}
