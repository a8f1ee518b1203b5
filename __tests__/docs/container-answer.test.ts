/** The answer about the container: its figures and tables are those of the last runs of lab/faults. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const sha256 = (path: string): string =>
  createHash('sha256')
    .update(readFileSync(join(ROOT, path)))
    .digest('hex');

/** A run of the fault lab, as it left it: what it saw, the digest of the document made of it, and of what it was made from. */
interface Run {
  figures: Record<string, string>;
  document: string;
  inputs?: Record<string, string>;
}

const RUNS = [
  { json: 'docs/faults.json', document: 'docs/faults.md', again: 'lab/faults/run --write' },
  { json: 'docs/mutants.json', document: 'docs/mutants.md', again: 'lab/faults/mutants --write' },
  { json: 'docs/benchmarks/service.json', document: 'docs/benchmarks/service.md', again: 'lab/faults/bench --write' },
];
const run = (path: string): Run => JSON.parse(read(path)) as Run;
const figures: Record<string, string> = Object.assign({}, ...RUNS.map(({ json }) => run(json).figures));

const MARK = /<!-- fig ([\w.-]+) -->(.*?)<!-- \/fig -->/gs;
const ANSWERS = ['docs/answers/3-container.es.md', 'docs/answers/3-container.md'];

describe.each(RUNS)('$document', ({ json, document, again }) => {
  test('is what the run wrote, unedited', () => {
    expect(`${document} ${sha256(document)}`).toBe(`${document} ${run(json).document}`);
  });

  test('was written after the last change of what it is made from', () => {
    const stale = Object.entries(run(json).inputs ?? {})
      .filter(([path, digest]) => !existsSync(join(ROOT, path)) || sha256(path) !== digest)
      .map(([path]) => `${path} has changed: run ${again}`);
    expect(stale).toEqual([]);
  });
});

describe.each(ANSWERS)('%s', (path) => {
  const marks = [...read(path).matchAll(MARK)];

  test('names figures that exist', () => {
    expect(marks.map(([, name]) => name).filter((name) => !(name! in figures))).toEqual([]);
  });

  test('shows the values of the last run', () => {
    expect(marks.filter(([, name, shown]) => shown !== figures[name!]).map(([mark]) => mark)).toEqual([]);
  });

  test('leaves no mark open', () => {
    expect(marks.length).toBeGreaterThan(40);
    expect(read(path).match(/<!-- fig/g)).toHaveLength(marks.length);
    expect(read(path).match(/<!-- \/fig/g)).toHaveLength(marks.length);
  });
});

test('both languages speak of the same faults and measurements', () => {
  // English quotes whole sentences of the table (fault-20.original), Spanish says them itself (fault-20.original.status).
  const subject = (name: string): string =>
    name
      .split('.')
      .slice(0, name.startsWith('fault-') ? 1 : 2)
      .join('.');
  const [spanish, english] = ANSWERS.map(
    (path) => new Set([...read(path).matchAll(MARK)].map(([, name]) => subject(name!))),
  );
  expect(spanish).toEqual(english);
});

test('the 50 faults have no blank cell', () => {
  const rows = (JSON.parse(read('docs/faults.json')) as { faults: Record<string, string>[] }).faults;
  expect(rows.map((row) => row['number'])).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  const columns = ['title', 'where', 'stage', 'symptom', 'fix', 'original', 'repaired'];
  expect(
    rows.flatMap((row) => columns.filter((column) => !row[column]).map((column) => [row['number'], column])),
  ).toEqual([]);
});

test('every fault is a mutant that is caught, or says why it cannot exist', () => {
  const rows = (JSON.parse(read('docs/mutants.json')) as { mutants: Record<string, string>[] }).mutants;
  expect(rows.map((row) => row['number'])).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  const possible = rows.filter((row) => !row['impossible']);
  expect(possible.filter((row) => !(row['change'] && row['caughtBy'] && row['seen']))).toEqual([]);
  // An alert that would tell, or why none can.
  expect(possible.filter((row) => !row['alert'] === !row['silent'])).toEqual([]);
});
