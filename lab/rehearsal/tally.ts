/** Counts what was tried, shows it while it runs, and ends with the closing line that CI reads. */
import { paint } from '../../cli/paint';
import { progress, progressDone } from '../../cli/progress';

export class Tally {
  passed = 0;
  failed = 0;

  /** Says what is being done, on a terminal. */
  doing(what: string): void {
    progress(what);
  }

  /** @param detail why it failed, or what passing showed */
  record(name: string, ok: boolean, detail = ''): boolean {
    progressDone();
    if (ok) this.passed++;
    else {
      this.failed++;
      process.stdout.write(`${paint.red('failed')} ${name}${detail === '' ? '' : `: ${detail}`}\n`);
    }
    return ok;
  }

  print(text: string): void {
    progressDone();
    process.stdout.write(`${text}\n`);
  }

  close(): void {
    progressDone();
    process.stdout.write(`${this.passed} passed, ${this.failed} failed\n`);
    if (this.failed > 0) process.exitCode = 1;
  }
}
