// What the test processes report, counted and told: each file as it ends, every failure once more at the end.

const indent = (text) => text.trimEnd().replaceAll(/^/gm, '      ');
const inSeconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
/** Enough of what a broken process has said to see why. */
const longestOutput = 20_000;

export class Reports {
  /** @type {{ title: string, text: string, file?: string, report?: Report }[]} */
  failures = [];
  /** The same of files that passed when they ran again. */
  unsteady = [];
  passed = 0;
  skipped = 0;

  get failed() {
    return this.failures.length;
  }

  /**
   * Hears one process.
   * @param {string[]} files that it has to report.
   * @param {string} [where] it runs them, such as an engine.
   */
  expect(files, where) {
    return new Report(this, new Set(files), where);
  }

  fail(title, text, from = {}) {
    this.failures.push({ title, text, ...from });
    console.log(`FAILED  ${title}\n${indent(text.slice(-longestOutput))}`);
  }

  /** Takes back what a file has told, before it runs again. */
  forget(report, file) {
    const isIts = (failure) => failure.report === report && failure.file === file;
    this.unsteady.push(...this.failures.filter(isIts));
    this.failures = this.failures.filter((failure) => !isIts(failure));
    const { passed = 0, skipped = 0 } = report.countsOf(file) ?? {};
    this.passed -= passed;
    this.skipped -= skipped;
  }

  /** The last lines: what has failed, and the count. */
  summarize() {
    if (this.failed) console.log('\nFailed:');
    for (const { title, text } of this.failures) console.log(`  ${title}\n${indent(text.slice(0, 500))}`);
    const again = new Set(this.failures.map(({ title }) => title));
    const unsteady = this.unsteady.filter(({ title }) => !again.has(title));
    if (unsteady.length) console.log('\nUnsteady: failed, and passed when their file ran again, alone:');
    for (const { title, text } of unsteady) console.log(`  ${title}\n${indent(text.slice(0, 500))}`);
    if (this.skipped) console.log(`\n${this.skipped} skipped`);
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
  }
}

/** Of one process: the reporters in this folder send it their entries. */
class Report {
  #reports;
  #missing;
  #where;
  #counts = new Map();
  #hasFailed = false;
  /** What runs now, as far as it was told. */
  #current = '';

  constructor(reports, files, where) {
    this.#reports = reports;
    this.#missing = files;
    this.#where = where ? ` (${where})` : '';
  }

  countsOf(file) {
    return this.#counts.get(file);
  }

  /** The files that did not pass. */
  get failedFiles() {
    const failures = this.#reports.failures.filter(({ report }) => report === this);
    return [...new Set(failures.map(({ file }) => file))];
  }

  hear({ type, file, name, ms, error }) {
    if (type === 'start') {
      this.#current = [file, ...name].join(' > ');
      return;
    }
    const counts = this.#counts.get(file) ?? { passed: 0, failed: 0, skipped: 0 };
    this.#counts.set(file, counts);
    if (type === 'file') {
      this.#missing.delete(file);
      this.#tell(file, counts, ms);
    } else if (type === 'failed') {
      counts.failed += 1;
      this.#hasFailed = true;
      this.#reports.fail(`${file}${this.#where}: ${name.join(' > ') || 'the file itself'}`, error, {
        file,
        report: this,
      });
    } else {
      counts[type] += 1;
      this.#reports[type] += 1;
    }
  }

  /** The process is gone: what it has not reported is a failure too. */
  end(title, { code, output }) {
    for (const file of this.#missing)
      this.#reports.fail(
        `${file}${this.#where}`,
        `It did not end; last in hand: ${this.#current}\n${output}`,
        { file, report: this },
      );
    if (code !== 0 && !this.#hasFailed && !this.#missing.size) this.#reports.fail(title, output);
  }

  #tell(file, { passed, failed, skipped }, ms) {
    const counts = [
      `${passed} passed`,
      ...(failed ? [`${failed} failed`] : []),
      ...(skipped ? [`${skipped} skipped`] : []),
    ];
    console.log(`${failed ? 'FAILED' : 'ok'}  ${file}${this.#where}: ${counts.join(', ')}, ${inSeconds(ms)}`);
  }
}
